import type { PolicyPack, PolicyPackConfig } from "@pulumi/policy";
import { createPolicies } from "./index";
import { secrets } from "./value";

// Internals of the SDK are used in this file only; where one is gone, what it serves is gone, and nothing else.
interface Message {
  toJavaScript(): Record<string, unknown>;
}
interface Deserializer {
  deserializeProperties: (message: Message, keepSecrets: boolean) => object;
}
interface ConfigureRequest {
  getPolicyconfigMap(): { entries(): Iterable<[string, { getProperties(): Message | undefined }]> };
}
interface AnalyzerService {
  configure: { requestDeserialize: (bytes: Buffer) => ConfigureRequest };
}

/** Starts the pack's server. */
export function serve(Pack: typeof PolicyPack): void {
  const { policies, configure } = createPolicies();
  rememberProperties();
  hearConfiguration(configure);
  new Pack("eks-fast-disks", {
    policies,
    enforcementLevel: "mandatory",
    displayName: "EKS fast disks",
    description: "Holds every stack to what protects data and nodes with local NVMe disks",
  });
}

/** The SDK reads all resources again for each stack policy, and forgets what was secret. */
function rememberProperties(): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const sdk = require("@pulumi/policy/deserialize") as Deserializer;
  const { deserializeProperties } = sdk;
  const known = new WeakMap<Message, object>();
  sdk.deserializeProperties = (message, keepSecrets) => {
    const before = keepSecrets ? undefined : known.get(message);
    if (before) return before;
    const properties = deserializeProperties(message, keepSecrets);
    if (keepSecrets) return properties;
    rememberSecrets(message.toJavaScript(), false);
    known.set(message, properties);
    return properties;
  };
}

const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

function rememberSecrets(value: unknown, inside: boolean): void {
  if (typeof value !== "object" || value === null) {
    if (inside) secrets.add(value);
    return;
  }
  const secret = inside || (value as Record<string, unknown>)[signature] === secretSignature;
  for (const [key, item] of Object.entries(value)) if (key !== signature) rememberSecrets(item, secret);
}

/** Each policy is handed its own settings only; a misspelt name reaches no policy. */
function hearConfiguration(configure: (config: PolicyPackConfig) => void): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { AnalyzerService: service } = require("@pulumi/pulumi/proto/analyzer_grpc_pb") as {
    AnalyzerService: AnalyzerService;
  };
  const { requestDeserialize } = service.configure;
  service.configure.requestDeserialize = (bytes) => {
    const request = requestDeserialize(bytes);
    const given = [...request.getPolicyconfigMap().entries()];
    configure(Object.fromEntries(given.map(([name, one]) => [name, one.getProperties()?.toJavaScript() ?? {}])));
    return request;
  };
}
