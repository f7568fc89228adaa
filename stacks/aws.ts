import * as aws from "@pulumi/aws";
import { nearest } from "../components/manifests/suggestion";

const regions: string[] = Object.values(aws.types.enums.Region);

/** Errors of the AWS provider's settings that the program uses. */
export function validateAws(config: Record<string, string>): string[] {
  const region = config["aws:region"];
  if (region === undefined || regions.includes(region) || config["aws:skipRegionValidation"] === "true") return [];
  const zone = /^(.*\d)[a-z]$/.exec(region)?.[1] ?? "";
  const meant = regions.includes(zone) ? zone : nearest(region, regions);
  const fix =
    meant === undefined ? "; one newer than this release needs aws:skipRegionValidation" : `; did you mean "${meant}"?`;
  return [`aws:region: must be a region of AWS such as us-east-1, got ${JSON.stringify(region)}${fix}`];
}

/** Errors of zones that are not in the stack's region. */
export function validateZones(settings: Record<string, unknown>, region: string | undefined): string[] {
  const { newVpc } = (settings.network ?? {}) as { newVpc?: { zoneNames?: unknown } | null };
  const zoneNames = newVpc?.zoneNames;
  if (region === undefined || !Array.isArray(zoneNames)) return [];
  return zoneNames.flatMap((zone: unknown, index) =>
    typeof zone !== "string" || !regions.includes(zone.slice(0, -1)) || zone.slice(0, -1) === region
      ? []
      : [`network.newVpc.zoneNames.${index}: must be a zone of aws:region ${region}, got "${zone}"`],
  );
}
