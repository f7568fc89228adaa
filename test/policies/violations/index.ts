import { bootImage } from "./boot-image";
import { cleanup } from "./cleanup";
import { cluster } from "./cluster";
import { consumers } from "./consumers";
import { karpenter } from "./karpenter";
import type { Mutation } from "./mutation";
import { nodePools } from "./node-pools";
import { nodes } from "./nodes";
import { storage } from "./storage";
import { userData } from "./user-data";

export type { Mutation } from "./mutation";
export const violations: Mutation[] = [
  ...nodePools,
  ...nodes,
  ...userData,
  ...storage,
  ...consumers,
  ...cleanup,
  ...bootImage,
  ...karpenter,
  ...cluster,
];
