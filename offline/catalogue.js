"use strict";
// Rewrites catalogue/ec2.json from EC2's own list, on standard input:
//   aws ec2 describe-instance-types --filters Name=processor-info.supported-architecture,Values=arm64 \
//     Name=instance-storage-info.nvme-support,Values=required --output json | npm run catalogue
// EC2's API has no prices: known prices stay.
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const file = process.argv[2] ?? join(__dirname, "..", "catalogue", "ec2.json");
const known = JSON.parse(readFileSync(file, "utf8"));
const types = JSON.parse(readFileSync(0, "utf8")).InstanceTypes;
const entries = types.map(({ InstanceType: name, VCpuInfo, MemoryInfo, InstanceStorageInfo: { Disks } }) => {
  if (Disks.length !== 1) throw new Error(`${name}: has disks of ${Disks.length} sizes, the catalogue knows one`);
  const { usdPerHour } = known.types[name] ?? {};
  const facts = {
    vcpu: VCpuInfo.DefaultVCpus,
    memoryMiB: MemoryInfo.SizeInMiB,
    disks: Disks[0].Count,
    diskGB: Disks[0].SizeInGB,
  };
  return [name, { ...facts, ...(usdPerHour !== undefined && { usdPerHour }) }];
});
entries.sort(([left], [right]) => (left < right ? -1 : 1));
const lines = entries.map(([name, facts]) => `    ${JSON.stringify(name)}: ${JSON.stringify(facts)}`);
const date = new Date().toISOString().slice(0, 7);
writeFileSync(
  file,
  `{\n  "date": "${date}",\n  "source": ${JSON.stringify(known.source)},\n  "types": {\n${lines.join(",\n")}\n  }\n}\n`,
);
console.log(
  `${entries.length} types, ${entries.filter(([, facts]) => "usdPerHour" in facts).length} of them with a price`,
);
