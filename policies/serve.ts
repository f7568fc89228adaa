import type { PolicyPack, PolicyPackConfig } from "@pulumi/policy";
import { createPolicies } from "./index";
import { isJudged } from "./resource";
import { rememberSecrets } from "./secret";

// Only this file uses internals of the SDK. If one disappears, only the function that uses it is lost.
interface Message {
  toJavaScript(): Record<string, unknown>;
}
interface Deserializer {
  deserializeProperties: (message: Message, keepSecrets: boolean) => object;
}
interface ConfigureRequest {
  getPolicyconfigMap(): { entries(): Iterable<[string, { getProperties(): Message | undefined }]> };
}
interface StackRequest {
  getResourcesList(): { getType(): string }[];
  setResourcesList(resources: { getType(): string }[]): void;
}
type Read<T> = { requestDeserialize: (bytes: Buffer) => T };
interface AnalyzerService {
  configure: Read<ConfigureRequest>;
  analyzeStack: Read<StackRequest>;
}

/** Starts the pack's server. */
export function serve(Pack: typeof PolicyPack): void {
  const { policies, configure } = createPolicies();
  cacheProperties();
  interceptRequests(configure);
  new Pack("eks-fast-disks", {
    policies,
    enforcementLevel: "mandatory",
    displayName: "EKS fast disks",
    description: "Checks that stacks protect the data and nodes of local NVMe disks",
  });
}

/** Caches properties, which the SDK reads again for each stack policy, and remembers secrets, which it drops. */
function cacheProperties(): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const sdk = require("@pulumi/policy/deserialize") as Deserializer;
  const { deserializeProperties } = sdk;
  const known = new WeakMap<Message, object>();
  sdk.deserializeProperties = (message, keepSecrets) => {
    const before = keepSecrets ? undefined : known.get(message);
    if (before) return before;
    const properties = deserializeProperties(message, keepSecrets);
    if (keepSecrets) return properties;
    rememberSecrets(message.toJavaScript());
    known.set(message, properties);
    return properties;
  };
}

/**
 * Removes resources that no policy reads, because the SDK wraps all resources for each stack policy. Reads the whole
 * configuration, because the SDK gives each policy only its own settings, and a misspelt name would reach no policy.
 */
function interceptRequests(configure: (config: PolicyPackConfig) => void): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { AnalyzerService: service } = require("@pulumi/pulumi/proto/analyzer_grpc_pb") as {
    AnalyzerService: AnalyzerService;
  };
  tap(service.analyzeStack, (request) => {
    request.setResourcesList(request.getResourcesList().filter((one) => isJudged(one.getType())));
  });
  tap(service.configure, (request) => {
    const given = [...request.getPolicyconfigMap().entries()];
    configure(Object.fromEntries(given.map(([name, one]) => [name, one.getProperties()?.toJavaScript() ?? {}])));
  });
}

function tap<T>(method: Read<T>, hear: (request: T) => void): void {
  const { requestDeserialize } = method;
  method.requestDeserialize = (bytes) => {
    const request = requestDeserialize(bytes);
    hear(request);
    return request;
  };
}
