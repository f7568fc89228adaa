import { isOf } from "./kinds";
import { resourcePolicy, setting } from "./policy";
import { classesOf, isLocal, isProvisioner, localClass } from "./provisioner";
import { at, must, oneOf, textOf } from "./value";

export const storageClassReclaimPolicy = resourcePolicy({
  name: "storage-class-reclaim-policy",
  severity: "medium",
  description:
    "A StorageClass of fast disks states its reclaim policy: unstated it is Delete, which wipes a disk as soon as somebody deletes a claim.",
  remedy: "state reclaimPolicy, one that the configuration allows",
  kinds: ["storageClass", "chart"],
  config: { ...localClass, allowed: setting.texts(["Delete", "Retain"], "reclaim policies that a class may have") },
  applies: (resource, config) => (isOf("chart", resource) ? isProvisioner(resource) : isLocal(resource, config)),
  faults: (resource, { allowed }) => {
    const rule = `be ${allowed.join(" or ")}`;
    if (!isOf("chart", resource)) return must(resource.props, "reclaimPolicy", rule, oneOf(...allowed));
    return classesOf(resource)
      .filter((one) => Boolean(at(one, "storageClass")))
      .flatMap((one) =>
        must(one, "storageClass.reclaimPolicy", rule, oneOf(...allowed)).map(
          (it) => `class ${textOf(one.name)}: ${it}`,
        ),
      );
  },
});
