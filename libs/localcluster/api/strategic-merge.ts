type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** Lists that merge by a key instead of being replaced: field → key. "" merges a list of scalars as a set. */
const MERGE_KEYS: Record<string, string> = {
  containers: "name",
  initContainers: "name",
  ephemeralContainers: "name",
  volumes: "name",
  env: "name",
  imagePullSecrets: "name",
  secrets: "name",
  schedulingGates: "name",
  resourceClaims: "name",
  volumeMounts: "mountPath",
  volumeDevices: "devicePath",
  ports: "containerPort",
  hostAliases: "ip",
  topologySpreadConstraints: "topologyKey",
  conditions: "type",
  ownerReferences: "uid",
  podIPs: "ip",
  hostIPs: "ip",
  finalizers: "",
};

const DIRECTIVE = /^\$(setElementOrder|deleteFromPrimitiveList)\/(.+)$/;

/** Kubernetes' strategic merge, as far as `kubectl apply`, `label`, `annotate` and `patch` use it on the kinds stored here. */
export function strategicMerge(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  if (patch.$patch === "replace") return withoutDirectives(patch);
  let result: Json = isObject(target) ? { ...target } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith("$")) continue;
    if (value === null) delete result[field];
    else result[field] = Array.isArray(value) ? mergeList(field, result[field], value) : strategicMerge(result[field], value);
  }
  for (const [directive, value] of Object.entries(patch)) {
    const match = DIRECTIVE.exec(directive);
    if (match === null || !Array.isArray(value)) continue;
    const [, verb, field] = match;
    const list = Array.isArray(result[field!]) ? (result[field!] as unknown[]) : [];
    result = {
      ...result,
      [field!]: verb === "setElementOrder" ? inOrder(field!, list, value) : list.filter(item => !value.includes(item)),
    };
  }
  const kept = patch.$retainKeys;
  return Array.isArray(kept) ? Object.fromEntries(Object.entries(result).filter(([key]) => kept.includes(key))) : result;
}

const withoutDirectives = (patch: Json): Json =>
  Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith("$")));

function mergeList(field: string, target: unknown, patch: unknown[]): unknown[] {
  const key = MERGE_KEYS[field];
  const current = Array.isArray(target) ? (target as unknown[]) : [];
  const replaced = patch.some(item => isObject(item) && item.$patch === "replace" && Object.keys(item).length === 1);
  if (key === undefined || replaced)
    return patch.filter(item => !(isObject(item) && item.$patch === "replace" && Object.keys(item).length === 1));
  if (key === "") return [...new Set([...current, ...patch])];
  let result = [...current] as Json[];
  for (const item of patch.filter(isObject)) {
    const at = result.findIndex(existing => existing[key] === item[key]);
    if (item.$patch === "delete") result = result.filter((_, index) => index !== at);
    else if (at < 0) result.push(withoutDirectives(item));
    else result[at] = strategicMerge(result[at], item) as Json;
  }
  return result;
}

/** Elements the order names come in that order; others keep their place behind them. */
function inOrder(field: string, list: unknown[], order: unknown[]): unknown[] {
  const key = MERGE_KEYS[field] ?? "";
  const identity = (item: unknown): unknown => (isObject(item) ? item[key] : item);
  const rank = new Map(order.map((item, index) => [identity(item), index]));
  return list
    .map((item, index) => ({ item, rank: rank.get(identity(item)) ?? order.length + index }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
