import { KubeConfig } from "@kubernetes/client-node";
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { Api } from "./api";
import { Controller } from "./controller";
import { Events } from "./events";
import { Lease } from "./lease";
import { log, textOf } from "./log";
import { Metrics } from "./metrics";
import { readOptions } from "./options";
import { serve } from "./server";

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const config = new KubeConfig();
  config.loadFromDefault();
  const identity = `${hostname()}-${randomBytes(4).toString("hex")}`;
  const metrics = new Metrics();
  const api = new Api(config, metrics);
  const controller: Controller = new Controller(api, options, metrics, new Events(api, identity), () => lease);
  const lease = new Lease(api, options.leaseNamespace, identity, metrics, () => {
    controller.wake();
  });
  const server = await serve(options.metricsPort, metrics, {
    ready: () => (controller.cluster.ready ? undefined : "some resources are not watched"),
    live: () => (lease.alive ? undefined : "the Lease was not requested for a minute"),
  });
  controller.cluster.start();
  lease.start();
  log("info", "started", { identity, capacity: options.capacity, storageClasses: [...options.storageClasses] });

  const stop = async () => {
    await controller.stop();
    await lease.release();
    server.close();
    log("info", "stopped");
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      stop()
        .catch((error: unknown) => {
          log("error", "Lease not released", { error: textOf(error) });
        })
        .finally(() => process.exit(0));
    });
}

main().catch((error: unknown) => {
  for (const line of textOf(error).split("\n")) process.stderr.write(`error: ${line}\n`);
  process.exitCode = 1;
});
