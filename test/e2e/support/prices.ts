import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { instanceTypes } from "../../../catalogue/instance-types";

/** AWS's price list for Karpenter's kwok build, which insists on one: prices in proportion to the vCPUs. */
export async function startPrices(): Promise<{ url: string; stop: () => Promise<void> }> {
  const PriceList = instanceTypes.map(({ name, vcpu }) =>
    JSON.stringify({
      product: { attributes: { instanceType: name } },
      terms: { OnDemand: { term: { priceDimensions: { price: { pricePerUnit: { USD: String(vcpu * 0.05) } } } } } },
    }),
  );
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader("content-type", "application/x-amz-json-1.1").end(JSON.stringify({ PriceList }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
