import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as models from "@kubernetes/client-node";
import type { ObjectFields } from "#core/pod/object-fields.ts";

/** Development only: the fields of the kinds we handle, taken from the attribute maps of @kubernetes/client-node. `node libs/kube/generate-object-fields.ts` writes them. */
const ROOTS: Record<string, string> = {
  Pod: "V1Pod",
  Secret: "V1Secret",
  ConfigMap: "V1ConfigMap",
  Namespace: "V1Namespace",
  ServiceAccount: "V1ServiceAccount",
  Node: "V1Node",
  Event: "CoreV1Event",
};

/** A quantity is a string to the generated client and may be a number on the wire. */
const QUANTITIES = new Set([
  "limits",
  "requests",
  "overhead",
  "capacity",
  "allocatable",
  "allocatedResources",
  "sizeLimit",
  "divisor",
]);

interface Attribute {
  baseName: string;
  type: string;
  format: string;
}

const SCALARS: Record<string, string> = { Date: "time", V1MicroTime: "time", IntOrString: "intOrString" };

function goType(type: string, format: string, field: string): string {
  const list = /^Array<(.+)>$/.exec(type);
  if (list) return `[]${goType(list[1]!, format, field)}`;
  if (type.startsWith("{")) return `map[string]${QUANTITIES.has(field) ? "quantity" : "string"}`;
  if (type === "number") return format || "int32";
  if (type === "string" && QUANTITIES.has(field)) return "quantity";
  return SCALARS[type] ?? structName(type);
}

const structName = (model: string): string => model.replace(/^(CoreV1|V1)/, "");

/** The fields as they should be committed. */
export function generateObjectFields(): ObjectFields {
  const types: ObjectFields["types"] = {};
  const visit = (model: string): void => {
    // The models are classes with a static attribute map; the package's types do not say so.
    const attributes = (models as unknown as Record<string, { attributeTypeMap?: Attribute[] } | undefined>)[model]
      ?.attributeTypeMap;
    if (attributes === undefined || types[structName(model)] !== undefined) return;
    const fields: Record<string, string> = {};
    types[structName(model)] = fields;
    for (const { baseName, type, format } of attributes) {
      fields[baseName] = goType(type, format, baseName);
      for (const [referenced] of type.matchAll(/\b(?:CoreV1|V1)\w+/g)) visit(referenced);
    }
  };
  for (const model of Object.values(ROOTS)) visit(model);
  return { roots: Object.fromEntries(Object.entries(ROOTS).map(([kind, model]) => [kind, structName(model)])), types };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(
    new URL("../core/pod/object-fields.generated.json", import.meta.url),
    `${JSON.stringify(generateObjectFields(), null, 1)}\n`,
  );
}
