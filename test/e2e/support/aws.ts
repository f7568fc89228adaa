import { EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { EKSClient } from "@aws-sdk/client-eks";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { SQSClient } from "@aws-sdk/client-sqs";
import { get } from "node:http";
import { join } from "node:path";
import { eventually } from "./eventually";
import { freePort, root, serve } from "./process";
import { pythonPrograms } from "./tools";

export const region = "us-east-1";
/** moto's account, and the plan's placeholder for one. */
export const accountId = "123456789012";
const interpreter = join(pythonPrograms("aws", "moto_server"), "python");
export const credentials = { accessKeyId: "judge", secretAccessKey: "judge" };

/** An AWS API for tests: moto. */
export interface Aws {
  endpoint: string;
  ec2: EC2Client;
  ecr: ECRClient;
  eks: EKSClient;
  events: EventBridgeClient;
  iam: IAMClient;
  sqs: SQSClient;
  stop: () => Promise<void>;
}

/** Starts moto with the parameters under which AWS publishes Bottlerocket's images, with all instance types or some. */
export async function startAws(
  name: string,
  versions: { kubernetes: string; bottlerocket: string },
  instanceTypes?: string[],
): Promise<Aws> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const folder = `/aws/service/bottlerocket/aws-k8s-${versions.kubernetes}`;
  const parameters = {
    [region]: Object.fromEntries(
      ["arm64", "x86_64"].map((arch) => [`${folder}/${arch}/${versions.bottlerocket}/image_id`, arch]),
    ),
  };
  const script = join(root, "test", "e2e", "tools", "aws", "serve.py");
  const lists = [parameters, instanceTypes].flatMap((list) => (list ? [JSON.stringify(list)] : []));
  const server = serve(`${name}-moto`, interpreter, [script, String(port), ...lists], {
    MOTO_IAM_LOAD_MANAGED_POLICIES: "true",
  });
  await eventually(`moto answers; see ${server.log}`, () => answers(`${endpoint}/moto-api/data.json`));
  // A connection that was idle may have been closed meanwhile.
  const requestHandler = { httpAgent: { keepAlive: false } };
  const options = { endpoint, region, credentials, requestHandler };
  return {
    endpoint,
    ec2: new EC2Client(options),
    ecr: new ECRClient(options),
    eks: new EKSClient(options),
    events: new EventBridgeClient(options),
    iam: new IAMClient(options),
    sqs: new SQSClient(options),
    stop: () => server.stop(),
  };
}

function answers(url: string): Promise<true> {
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      response.resume();
      resolve(true);
    }).on("error", reject);
  });
}
