import { renderConformance, writeConformance } from "./support/conformance";

export const mochaHooks = {
  afterAll(): void {
    process.stdout.write(`\n${renderConformance()}`);
    process.stdout.write(`written to ${writeConformance()}\n`);
  },
};
