import fc from "fast-check";

type Fields = Record<string, unknown>;

const NAMES = ["main", "side", "setup", "x", "y"];
const name = fc.constantFrom(...NAMES);
const word = fc.constantFrom("a", "b", "c");
const quantity = fc.constantFrom("100m", "1", "64Mi", "2Gi");
const stringMap = fc.dictionary(fc.constantFrom("env", "team", "disk", "a.b/c"), word, { maxKeys: 3 });

/** Any of the fields, each there or not. */
const some = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Fields> =>
  fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Fields>;

/** A list of things that are told apart by `key`. */
const keyed = (key: string, keys: fc.Arbitrary<unknown>, rest: fc.Arbitrary<Fields>): fc.Arbitrary<Fields[]> =>
  fc.uniqueArray(
    fc.tuple(keys, rest).map(([value, fields]): Fields => ({ ...fields, [key]: value })),
    { selector: item => item[key], maxLength: 4 },
  );

// Every variable has a value and every volume one kind of source: alternatives are what kubectl and we merge differently.
const env = keyed("name", fc.constantFrom("A", "B", "C", "D"), fc.record({ value: word }));
const volumes = keyed("name", name, some({ emptyDir: some({ medium: fc.constant("Memory"), sizeLimit: quantity }) }));

const container = some({
  image: word,
  command: fc.array(word, { maxLength: 2 }),
  args: fc.array(word, { maxLength: 2 }),
  env,
  envFrom: fc.array(fc.record({ configMapRef: fc.record({ name }) }), { maxLength: 2 }),
  volumeMounts: keyed("mountPath", fc.constantFrom("/a", "/b", "/c"), fc.record({ name })),
  ports: keyed("containerPort", fc.constantFrom(80, 443), some({ name: word })),
  resources: some({
    limits: fc.dictionary(fc.constantFrom("cpu", "memory"), quantity),
    requests: fc.dictionary(fc.constantFrom("cpu", "memory"), quantity),
  }),
  securityContext: some({
    runAsUser: fc.integer({ min: 1, max: 9 }),
    capabilities: some({ add: fc.array(word, { maxLength: 2 }), drop: fc.array(word, { maxLength: 2 }) }),
  }),
  tty: fc.boolean(),
});

const spec = some({
  containers: keyed("name", name, container),
  initContainers: keyed("name", name, container),
  volumes,
  nodeSelector: stringMap,
  tolerations: fc.array(some({ key: word, value: word }), { maxLength: 2 }),
  hostAliases: keyed("ip", fc.constantFrom("1.1.1.1", "2.2.2.2"), fc.record({ hostnames: fc.array(word, { maxLength: 2 }) })),
  imagePullSecrets: keyed("name", name, fc.constant({})),
  topologySpreadConstraints: keyed(
    "topologyKey",
    fc.constantFrom("zone", "node"),
    fc.record({ maxSkew: fc.integer({ min: 1, max: 3 }), whenUnsatisfiable: fc.constant("DoNotSchedule") }),
  ),
  securityContext: some({
    runAsUser: fc.integer({ min: 1, max: 9 }),
    fsGroup: fc.integer({ min: 1, max: 9 }),
    supplementalGroups: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 2 }),
  }),
  terminationGracePeriodSeconds: fc.integer({ min: 0, max: 60 }),
  hostNetwork: fc.boolean(),
  dnsConfig: some({
    nameservers: fc.array(word, { maxLength: 2 }),
    options: fc.array(fc.record({ name: word }), { maxLength: 2 }),
  }),
});

/** Any part of a pod. */
export const arbitraryPod: fc.Arbitrary<Fields> = fc
  .tuple(some({ labels: stringMap, annotations: stringMap }), spec)
  // fast-check also makes objects without a prototype, which no JSON has.
  .map(([metadata, spec]) => JSON.parse(JSON.stringify({ metadata, spec })) as Fields);

/** A part of a pod as a patch: some of it is null, some items are deleted, some lists and structs replaced. */
export const arbitraryPatch: fc.Arbitrary<Fields> = fc
  .tuple(arbitraryPod, fc.infiniteStream(fc.integer({ min: 0, max: 19 })))
  .map(([pod, dice]) => withDirectives(pod, dice, true) as Fields);

/** What tells the items of a list apart. */
export const KEYED_LISTS: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  volumes: "name",
  env: "name",
  volumeMounts: "mountPath",
  ports: "containerPort",
  hostAliases: "ip",
  imagePullSecrets: "name",
  topologySpreadConstraints: "topologyKey",
};

function withDirectives(value: unknown, dice: Iterator<number>, isRoot = false, key?: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const out: Fields = {};
  for (const [field, item] of Object.entries(value)) {
    const roll = dice.next().value as number;
    const itemKey = Array.isArray(item) ? KEYED_LISTS[field] : undefined;
    if (itemKey !== undefined) out[field] = listWithDirectives(item as Fields[], itemKey, roll, dice);
    else if (roll === 0 && !isRoot && field !== key) out[field] = null;
    else out[field] = withDirectives(item, dice);
  }
  return out;
}

function listWithDirectives(list: Fields[], key: string, roll: number, dice: Iterator<number>): Fields[] {
  const items = list.map(item =>
    (dice.next().value as number) < 3
      ? { [key]: item[key], $patch: "delete" }
      : (withDirectives(item, dice, false, key) as Fields),
  );
  return roll === 1 ? [...items, { $patch: "replace" }] : items;
}
