import { resourcePolicy, setting } from "./policy";
import { show } from "./value";
import { parseUserData, refusedByEks, userDataOf } from "./user-data";

export const userDataValid = resourcePolicy({
  name: "user-data-valid",
  severity: "critical",
  description:
    "User data is TOML that Bottlerocket reads, fits into EC2's limit and, in a launch template, has a form that EKS reads: a node that cannot read it never joins its cluster.",
  remedy: "render the user data with a TOML library and shorten it",
  kinds: ["nodeClass", "launchTemplate"],
  config: { maximumBytes: setting.count(16384, "most bytes of user data before base64") },
  applies: (resource) => userDataOf(resource) !== undefined,
  faults: (resource, { maximumBytes }) => {
    const userData = userDataOf(resource);
    if (!userData) return [];
    const { path, text, readByEks } = userData;
    const bytes = Buffer.byteLength(text);
    const size = bytes > maximumBytes ? [`${path} must be at most ${maximumBytes} bytes, got ${bytes}`] : [];
    const parsed = parseUserData(userData);
    if (parsed.fault !== undefined) return [...size, `${path} must be TOML, got ${parsed.fault}`];
    const strangers = Object.keys(parsed.table).filter((key) => key !== "settings");
    if (strangers.length > 0) size.push(`${path} must have settings alone, got ${show(strangers)}`);
    const refused = readByEks ? refusedByEks(text, parsed.table) : [];
    return [...size, ...refused.map((what) => `${path} must be readable by EKS, got ${what}`)];
  },
});
