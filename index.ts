import { FastDisks } from "./components";
import { readSettings } from "./stacks/settings";

const chain = new FastDisks("fast-disks", readSettings());

export const clusterName = chain.clusterName;
export const kubeconfig = chain.kubeconfigJson;
export const bootImage = chain.bootImage;
export const placements = chain.placements;
