"use strict";
const { readFileSync } = require("node:fs");

for (const file of JSON.parse(readFileSync(process.argv[2], "utf8")).modules) require(file);
