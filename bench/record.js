"use strict";
// Writes at exit which SDK modules a process has loaded, its processor time and its peak memory.
const { writeFileSync } = require("node:fs");

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const modules = Object.keys(require.cache).filter((file) => file.includes("/node_modules/@pulumi/"));
  writeFileSync(
    process.env.RECORD,
    JSON.stringify({
      modules: modules.sort(),
      cpuSeconds: (user + system) / 1e6,
      peakMB: process.resourceUsage().maxRSS / 1024,
    }),
  );
});
