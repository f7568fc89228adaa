import * as toml from "@iarna/toml";
import { names } from "../components/names";
import { capacityOf } from "../components/manifests/capacity";
import type { Capacity } from "../components/manifests/capacity";
import { DiskCapacity } from "../components/manifests/disk-capacity";
import type { Graph, Resource } from "./graph";
import { partName } from "./part-name";

/** A managed node group with fast disks of a plan. */
export interface PlannedGroup {
  /** As in the stack file. */
  name: string;
  nodeGroup: Resource;
  template: Resource;
  /** Labels of its nodes. */
  labels: Record<string, string>;
}

/** What EKS is told of a group, as far as the plan reads it. */
export interface NodeGroupInputs {
  instanceTypes?: string[];
  capacityType?: string;
  scalingConfig: Sizes;
  updateConfig?: { maxUnavailable?: number };
}

interface Sizes {
  minSize: number;
  maxSize: number;
  desiredSize: number;
}

export const nodeGroupType = "aws:eks/nodeGroup:NodeGroup";
const templateType = "aws:ec2/launchTemplate:LaunchTemplate";

/** Groups whose nodes carry the label of a StorageClass. */
export function groupsOf({ resources }: Pick<Graph, "resources">): PlannedGroup[] {
  return resources
    .filter(({ type }) => type === nodeGroupType)
    .flatMap((nodeGroup) => {
      const template = resources.find(
        ({ type, parent }) => type === templateType && parent !== undefined && parent === nodeGroup.parent,
      );
      if (!template) return [];
      const labels = { ...(nodeGroup.inputs.labels as Record<string, string> | undefined), ...labelsIn(template) };
      return names.classLabel in labels ? [{ name: partName(nodeGroup, resources), nodeGroup, template, labels }] : [];
    });
}

export function inputsOf({ nodeGroup }: PlannedGroup): NodeGroupInputs {
  return nodeGroup.inputs as object as NodeGroupInputs;
}

/** What a node of the group can hold. */
export function capacityOfGroup(group: PlannedGroup, resources: Resource[]): Capacity {
  const { instanceTypes = [], capacityType } = inputsOf(group);
  const types = { key: names.instanceTypeLabel, operator: "In", values: instanceTypes };
  const capacity = resources.some(countsDisks) ? DiskCapacity.counted : DiskCapacity.exclusive;
  return capacityOf([types], capacityType === "SPOT", capacity);
}

/** Whether it is a disk controller that tells how many disks a node has. */
function countsDisks({ inputs }: Resource): boolean {
  return inputs.kind === "Deployment" && JSON.stringify(inputs.spec).includes('"--capacity=counted"');
}

/** Whether something else than `up` sizes the group. */
export function isSizedElsewhere({ nodeGroup }: PlannedGroup): boolean {
  return nodeGroup.ignoreChanges.includes("scalingConfig.desiredSize");
}

/** Labels that nodes give themselves, by their user data; none where it is not Bottlerocket's. */
function labelsIn({ inputs }: Resource): Record<string, string> {
  const { userData } = inputs;
  if (typeof userData !== "string") return {};
  try {
    const { settings } = toml.parse(Buffer.from(userData, "base64").toString("utf8")) as BottlerocketUserData;
    return settings?.kubernetes?.["node-labels"] ?? {};
  } catch {
    return {};
  }
}

interface BottlerocketUserData {
  settings?: { kubernetes?: { "node-labels"?: Record<string, string> } };
}
