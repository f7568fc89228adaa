import catalogue from "./ec2.json";

/** An arm64 instance type with local NVMe disks, all of one size. */
export interface InstanceType {
  /** For example `c8gd.xlarge`. */
  name: string;
  vcpu: number;
  memoryMiB: number;
  /** Number of local disks. */
  disks: number;
  /** Size of each disk in decimal GB, as EC2 states it. */
  diskGB: number;
  /** On-demand price in us-east-1, where known. */
  usdPerHour?: number;
}

/** When the catalogue was read, as year and month. */
export const catalogueDate: string = catalogue.date;

/** Every arm64 type with local NVMe, in order of name. `npm run catalogue` refreshes the data from EC2's API. */
export const instanceTypes: InstanceType[] = Object.entries(catalogue.types).map(([name, facts]) => ({
  name,
  ...facts,
}));
