import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "./process";
import { goProgram, kubernetesVersion, need } from "./tools";

const parts = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"] as const;
export type Part = (typeof parts)[number];

/** A folder of released binaries, as Kubernetes' own tests and envtest use it. */
const assets = process.env.KUBEBUILDER_ASSETS;

/**
 * Program and first arguments of each part of a control plane: released where `KUBEBUILDER_ASSETS` has it, else built.
 * All four are one program when the larger two have to be built anyway.
 */
export function kubernetesPrograms(): Record<Part, string[]> {
  const etcd = released("etcd");
  const server = released("kube-apiserver");
  if (etcd === undefined || server === undefined) {
    const program = goProgram("kubernetes");
    return Object.fromEntries(parts.map((part) => [part, [program, part]])) as Record<Part, string[]>;
  }
  need("KUBEBUILDER_ASSETS", () => checkVersion(server));
  return {
    etcd: [etcd],
    "kube-apiserver": [server],
    "kube-controller-manager": [released("kube-controller-manager") ?? goProgram("kube-controller-manager")],
    "kube-scheduler": [released("kube-scheduler") ?? goProgram("kube-scheduler")],
  };
}

function released(part: Part): string | undefined {
  const file = join(assets ?? "", part);
  return assets !== undefined && existsSync(file) ? file : undefined;
}

/** Another minor release would judge by other rules. */
async function checkVersion(server: string): Promise<void> {
  const version = (await run(server, ["--version"])).trim();
  const wanted = kubernetesVersion.replace(/\.\d+$/, "");
  if (!version.startsWith(`Kubernetes v${wanted}.`))
    throw new Error(
      `KUBEBUILDER_ASSETS: must hold Kubernetes ${wanted}, got "${version}"; unset it to build that release`,
    );
}
