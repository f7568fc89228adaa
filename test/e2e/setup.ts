import { renderConformance, writeConformance } from "./support/conformance";
import { prepare } from "./support/tools";

/** Everything is built and planned before anything is started. */
export function mochaGlobalSetup(): Promise<void> {
  return prepare();
}

export const mochaHooks = {
  afterAll(): void {
    process.stdout.write(`\n${renderConformance()}`);
    process.stdout.write(`written to ${writeConformance()}\n`);
  },
};
