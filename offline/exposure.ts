import { isWithin, networkOf } from "../components/manifests/cidr";
import type { Resource } from "./graph";

/** What can be reached from the internet, in sentences. */
export function exposureOf(resources: Resource[]): string[] {
  const lines = resources
    .filter(({ type }) => type === "eks:index:Cluster")
    .map((cluster) => {
      const ranges = rangesOf(cluster);
      return ranges.length > 0
        ? `Kubernetes API: from ${ranges.join(", ")}, and from inside the VPC`
        : "Kubernetes API: from inside the VPC only; pulumi up must run there";
    });
  if (lines.length === 0) lines.push("Kubernetes API: as configured in the existing cluster");
  const gateways = resources.filter(({ type }) => type === "aws:ec2/natGateway:NatGateway").length;
  lines.push(
    gateways > 0
      ? `new VPC: nothing; nodes are in private subnets and go out by ${gateways} NAT gateway${gateways > 1 ? "s" : ""}`
      : "existing VPC: as its subnets and routes are configured",
  );
  lines.push("nodes: nothing; sessions go out to SSM (control container)");
  return lines;
}

/** Network ranges that can reach the Kubernetes API after a change, but could not before. */
export function openedRanges(before: Resource[], after: Resource[]): string[] {
  const known = allRanges(before).map(networkOf);
  return allRanges(after).filter((range) => !known.some((outer) => isWithin(networkOf(range), outer)));
}

function allRanges(resources: Resource[]): string[] {
  return resources.filter(({ type }) => type === "eks:index:Cluster").flatMap(rangesOf);
}

function rangesOf({ inputs }: Resource): string[] {
  return inputs.endpointPublicAccess === true ? ((inputs.publicAccessCidrs ?? ["0.0.0.0/0"]) as string[]) : [];
}
