"use strict";
/* Loaded before a plugin: TypeScript, which our own folder has, is not there where only the package is installed. */
const Module = require("node:module");

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  if (request === "typescript") throw Object.assign(new Error(`Cannot find ${request}`), { code: "MODULE_NOT_FOUND" });
  return resolveFilename.call(this, request, ...rest);
};
