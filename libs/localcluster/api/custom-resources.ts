import type { KubeObject } from "../store/kube-object.ts";
import type { ObjectStore } from "../store/object-store.ts";
import { ALL, DEFINITIONS, fields, type PrinterColumn, RESOURCES, type Resource, withStatus } from "./resources.ts";

interface DefinedColumn {
  name: string;
  type: string;
  jsonPath: string;
  priority?: number;
}

/** A version of a custom kind, as far as it is looked at. */
interface DefinedVersion {
  name: string;
  served?: boolean;
  storage?: boolean;
  subresources?: { status?: object };
  additionalPrinterColumns?: DefinedColumn[];
}

/** A CustomResourceDefinition that was taken. */
export interface Definition extends KubeObject {
  spec: {
    group: string;
    scope: "Namespaced" | "Cluster";
    names: { plural: string; singular?: string; kind: string; listKind?: string; shortNames?: string[]; categories?: string[] };
    versions: DefinedVersion[];
  };
}

/** What a path names. */
interface ResourcePath {
  group: string;
  version: string;
  plural: string;
}

const isWithin = (path: ResourcePath, { group, version, plural }: Resource): boolean =>
  path.plural === plural && path.version === version && path.group === group;

/** Everything that is served now. */
export const resourcesOf = (store: ObjectStore): Resource[] => [...Object.values(RESOURCES), ...customResources(store)];

/** undefined: there is no such kind. */
export function findResource(store: ObjectStore, path: ResourcePath): Resource | undefined {
  const own = Object.values(RESOURCES).find(resource => isWithin(path, resource));
  return own ?? (path.group === "" ? undefined : customResources(store).find(resource => isWithin(path, resource)));
}

const customResources = (store: ObjectStore): Resource[] =>
  store.list(DEFINITIONS).flatMap(definition => servedBy(definition as Definition));

/** A resource for each version that is served; they share their objects. */
function servedBy({ spec: { group, scope, names, versions } }: Definition): Resource[] {
  const { plural, kind, singular = kind.toLowerCase(), shortNames = [], categories } = names;
  return versions
    .filter(({ served = true }) => served)
    .map(({ name: version, subresources, additionalPrinterColumns = [] }) => ({
      name: `${plural}.${group}`,
      plural,
      group,
      version,
      apiVersion: `${group}/${version}`,
      singular,
      kind,
      namespaced: scope === "Namespaced",
      shortNames,
      ...(categories === undefined ? {} : { categories }),
      verbs: ALL,
      subresources: subresources?.status === undefined ? {} : withStatus(kind),
      fields: fields(),
      custom: { columns: additionalPrinterColumns.map(columnOf) },
    }));
}

/** Whether the status is written apart from the rest. */
export const hasOwnStatus = ({ custom, subresources }: Resource): boolean => custom === undefined || "status" in subresources;

const columnOf = ({ name, type, jsonPath, priority = 0 }: DefinedColumn): PrinterColumn => ({
  name,
  jsonPath,
  isDate: type === "date",
  wide: priority > 0,
});
