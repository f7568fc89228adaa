import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { change, listFolder, makeHost } from "./fake-host";

/** One run of the script on a fake host, as a file in `cases/` describes it. */
export interface Case {
  name: string;
  /** What no mutation shows, and this case is there for. */
  standsFor?: string;
  settings?: string;
  host: string[];
  /** What changes on the host while the script sleeps, by tenth of a second. */
  changes: Record<number, string[]>;
  /** Tools that fail, with the kernel's message; `sleep 0.1` is one that takes whole seconds only. */
  failing: Record<string, string>;
  /** Tools that do something else, with what they do. */
  instead: Record<string, string>;
  /** Everything in the folder afterwards. */
  links: string[];
  /** Lines that stdout has. */
  out: string[];
  /** All lines of stdout. */
  allOut?: string[];
  /** All lines of stderr but those of the tools. */
  err: string[];
  code: number;
}

export const script = path.join(__dirname, "../../bootstrap/fast-disks.sh");

/** The script's working folder; nothing is to be written there. */
const EMPTY = "working-folder";

const SECTIONS = ["settings", "host", "failing", "instead", "links", "out", "all out", "err", "code"];

export function readCases(): Case[] {
  const folder = path.join(__dirname, "cases");
  return fs
    .readdirSync(folder)
    .sort()
    .map((file) => parseCase(path.basename(file, ".txt"), fs.readFileSync(path.join(folder, file), "utf8")));
}

function parseCase(name: string, text: string): Case {
  const [header = "", ...rest] = text.split(/^== /m);
  const sections = new Map(
    rest.map((section) => {
      const [title = "", ...body] = section.split("\n");
      return [title, body.join("\n")] as const;
    }),
  );
  const lines = (title: string) => (sections.get(title) ?? "").split("\n").filter((line) => line !== "");
  const changes: Record<number, string[]> = {};
  for (const title of sections.keys()) {
    const second = /^second (\d+(\.\d)?)$/.exec(title);
    if (second) changes[Math.round(Number(second[1]) * 10)] = lines(title);
    else if (!SECTIONS.includes(title)) throw new Error(`${name}: no such section: ${title}`);
  }
  if (header.trim() === "" || !sections.has("links")) throw new Error(`${name}: needs a header and links`);
  return {
    name,
    changes,
    standsFor: /^stands for: (.+)/m.exec(header)?.[1],
    // The blank line before the next section is not the file's.
    settings: sections.get("settings")?.replace(/\n$/, ""),
    host: lines("host"),
    failing: Object.fromEntries(lines("failing").map((line) => line.split(": ") as [string, string])),
    instead: Object.fromEntries(lines("instead").map((line) => line.split(": ") as [string, string])),
    links: lines("links"),
    out: lines("out"),
    allOut: sections.has("all out") ? lines("all out") : undefined,
    err: lines("err"),
    code: Number(lines("code")[0] ?? 0),
  };
}

/** What is wrong with a script on a case's host; nothing, if it does all that the case says. */
export async function errorsOf(given: Case, shell: Shell, text: string): Promise<string[]> {
  const root = makeHost();
  try {
    given.host.forEach((line) => change(root, line));
    if (given.settings !== undefined) fs.writeFileSync(path.join(root, "user-data"), given.settings);
    fs.mkdirSync(path.join(root, EMPTY));
    const run = await runScript(shell, root, text, given);
    const links = listFolder(root);
    const errors: string[] = [];
    if (run.code !== given.code) errors.push(`exit code ${run.code}, not ${given.code}`);
    if (links.join("\n") !== given.links.join("\n"))
      errors.push(`links:\n${links.join("\n")}\nnot:\n${given.links.join("\n")}`);
    const err = run.err.filter((line) => !/^(ln|mv|rm|mkdir): /.test(line));
    if (err.join("\n") !== given.err.join("\n"))
      errors.push(`stderr:\n${err.join("\n")}\nnot:\n${given.err.join("\n")}`);
    for (const line of given.out) if (!run.out.includes(line)) errors.push(`stdout lacks: ${line}`);
    if (given.allOut && run.out.join("\n") !== given.allOut.join("\n")) errors.push("stdout has other lines");
    for (const name of fs.readdirSync(path.join(root, EMPTY))) errors.push(`left in its working folder: ${name}`);
    if (errors.length) errors.push(`stdout:\n${run.out.join("\n")}`);
    return errors;
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

export interface Shell {
  name: string;
  command: string;
  arguments: string[];
  path: string;
}

/** The shells that the script must run in; both find no tool but busybox's. */
export function findShells(): Shell[] {
  const busybox = find("busybox", "busybox-static");
  const tools = path.join(__dirname, "../../node_modules/.cache/busybox");
  fs.mkdirSync(tools, { recursive: true });
  for (const tool of ["cat", "cp", "cpio", "ln", "mkdir", "mv", "rm", "stat"]) {
    fs.rmSync(path.join(tools, tool), { force: true });
    fs.symlinkSync(busybox, path.join(tools, tool));
  }
  return [
    { name: "busybox sh", command: busybox, arguments: ["sh"], path: tools },
    { name: "dash", command: find("dash", "dash"), arguments: [], path: tools },
  ];
}

export function find(tool: string, from: string): string {
  for (const folder of (process.env.PATH ?? "").split(":").concat("/usr/sbin", "/sbin")) {
    if (fs.existsSync(path.join(folder, tool))) return path.join(folder, tool);
  }
  throw new Error(`${tool} is needed and was not found; install ${from} (test/bootstrap/install-tools.sh does)`);
}

/** Ends a broken script that runs on; the time of the processor, so that a busy machine ends no other. */
const CPU_LIMIT = "ulimit -t 5";
const TOO_MUCH_OUTPUT = "ERR_CHILD_PROCESS_STDIO_MAXBUFFER";

interface Run {
  /** The exit code, or what ended the script. */
  code: number | string;
  out: string[];
  err: string[];
}

/**
 * The tools that must not be real are functions in front of the script, because busybox's shell prefers its own tools to
 * PATH: `sleep` does not sleep but brings in what the case has for that second.
 */
function runScript(shell: Shell, root: string, text: string, given: Case): Promise<Run> {
  const changes = Object.entries(given.changes).map(([tenth, lines]) => {
    const later = path.join(root, "later", tenth);
    lines.filter((line) => !line.startsWith("gone ")).forEach((line) => change(later, line));
    const gone = lines.filter((line) => line.startsWith("gone ")).map((line) => line.slice(5));
    fs.mkdirSync(later, { recursive: true });
    return `${tenth}) cp -a ${later}/. ${root}/; ${gone.map((device) => `rm -r ${root}/sys/block/${device} ${root}/dev/${device};`).join(" ")} ;;`;
  });
  const functions = [
    `tenths=0; sleep() { case $* in 0.1) ${given.failing["sleep 0.1"] ? "return 1" : "tenths=$((tenths + 1))"} ;; 1) tenths=$((tenths + 10)) ;; *) exit 98 ;; esac; [ $tenths -le 7000 ] || exit 99; case $tenths in ${changes.join(" ")} esac; }`,
    ...Object.entries(given.failing)
      .filter(([tool]) => tool !== "sleep 0.1")
      .map(([tool, message]) => `${tool}() { echo "${tool}: ${message}" >&2; return 1; }`),
    ...Object.entries(given.instead).map(([tool, command]) => `${tool}() { ${command}; }`),
  ];
  const env = { PATH: shell.path, FAST_DISKS_ROOT: root, FAST_DISKS_USER_DATA: path.join(root, "user-data") };
  return new Promise((resolve, reject) => {
    const child = execFile(
      shell.command,
      [...shell.arguments, "-c", [CPU_LIMIT, ...functions, text].join("\n")],
      { env, cwd: path.join(root, EMPTY) },
      (error, stdout, stderr) => {
        const outcome: string | number = error ? (error.code ?? error.signal ?? "unknown") : 0;
        const isScripts = typeof outcome === "number" || outcome.startsWith("SIG") || outcome === TOO_MUCH_OUTPUT;
        if (!isScripts) return reject(new Error("the script was not run", { cause: error }));
        const lines = (output: string) => output.split("\n").filter((line) => line !== "");
        resolve({ code: outcome, out: lines(stdout), err: lines(stderr) });
      },
    );
    child.stdin?.end();
  });
}
