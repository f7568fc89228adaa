import { createServer } from "node:http";
import type { Server } from "node:http";
import type { Metrics } from "./metrics";

/** `/metrics`, `/readyz` and `/livez`. */
export async function serve(
  port: number,
  metrics: Metrics,
  checks: { ready: () => string | undefined; live: () => string | undefined },
): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = (code: number, text: string) =>
      response.writeHead(code, { "content-type": "text/plain; version=0.0.4" }).end(text);
    const check = (problem: string | undefined) => answer(problem === undefined ? 200 : 503, `${problem ?? "ok"}\n`);
    if (request.url === "/metrics") answer(200, metrics.render());
    else if (request.url === "/readyz") check(checks.ready());
    else if (request.url === "/livez") check(checks.live());
    else answer(404, "one of /metrics, /readyz, /livez\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, resolve);
  });
  return server;
}
