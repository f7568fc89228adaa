import * as toml from "@iarna/toml";
import { names } from "../components/names";
import { capacityOf } from "../components/manifests/capacity";
import type { Capacity } from "../components/manifests/capacity";
import { DiskCapacity } from "../components/manifests/disk-capacity";
import type { Graph, Resource } from "./graph";
import { partName } from "./part-name";

/** A managed node group with fast disks of a plan. */
export interface PlannedGroup {
  /** Its name in the stack file. */
  name: string;
  nodeGroup: Resource;
  template: Resource;
  /** Labels of its nodes. */
  labels: Record<string, string>;
}

/** Inputs of a node group that the plan reads. */
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

/** Groups whose nodes have the label of a StorageClass. */
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

/** Capacity of a node of the group. */
export function capacityOfGroup(group: PlannedGroup, resources: Resource[]): Capacity {
  const { instanceTypes = [], capacityType } = inputsOf(group);
  const types = { key: names.instanceTypeLabel, operator: "In", values: instanceTypes };
  const capacity = resources.some(countsDisks) ? DiskCapacity.counted : DiskCapacity.exclusive;
  return capacityOf([types], capacityType === "SPOT", capacity);
}

/** Whether it is a disk controller with counted disks. */
function countsDisks({ inputs }: Resource): boolean {
  return inputs.kind === "Deployment" && JSON.stringify(inputs.spec).includes('"--capacity=counted"');
}

/** Whether an autoscaler or a user changes the number of nodes, not `up`. */
export function isSizedElsewhere({ nodeGroup }: PlannedGroup): boolean {
  return nodeGroup.ignoreChanges.includes("scalingConfig.desiredSize");
}

/** Labels in the nodes' user data; none if it is not for Bottlerocket. */
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
