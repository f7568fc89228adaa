"""moto as a server, with images and public parameters that no client of AWS may write.

usage: serve.py PORT PARAMETERS [TYPES]
PARAMETERS is a JSON object: region -> parameter -> architecture of the image that it names, or the value itself if that is
no architecture. TYPES is a JSON list of the only instance types that there are.
"""

import json
import signal
import sys

from moto.ec2.models import ec2_backends
from moto.ec2.models.instance_types import InstanceTypeBackend
from moto.server import ThreadedMotoServer
from moto.ssm.models import Parameter, ssm_backends

ACCOUNT = "123456789012"


def plant(region: str, name: str, value: str) -> None:
    if value in ("arm64", "x86_64"):
        image = ec2_backends[ACCOUNT][region].register_image(name=name.strip("/").replace("/", "-"))
        image.architecture = value
        value = image.id
    ssm_backends[ACCOUNT][region]._parameters[name].append(
        Parameter(
            account_id=ACCOUNT,
            name=name,
            value=value,
            parameter_type="String",
            description=None,
            allowed_pattern=None,
            keyid=None,
            last_modified_date=0,
            version=1,
            data_type="text",
        )
    )


def main() -> None:
    port, parameters = int(sys.argv[1]), json.loads(sys.argv[2])
    for region, values in parameters.items():
        for name, value in values.items():
            plant(region, name, value)
    if len(sys.argv) > 3:
        only = set(json.loads(sys.argv[3]))
        InstanceTypeBackend.instance_types = [it for it in InstanceTypeBackend.instance_types if it.name in only]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port)
    server.start()
    signal.sigwait({signal.SIGINT, signal.SIGTERM})


main()
