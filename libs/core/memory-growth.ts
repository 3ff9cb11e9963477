import type { MemoryGrowth } from "./task-spec.ts";

interface Quantities {
  requests?: Readonly<Record<string, string>> | undefined;
  limits?: Readonly<Record<string, string>> | undefined;
}

/** Without a cap of its own, a limit grows to this many times of itself. */
const DEFAULT_CAP_FACTOR = 4;

/**
 * The resources of a later try: memory's limit, and its request with it, times `factor` for every try before. Pure: the
 * same spec and try give the same pod wherever it is rendered. Without a memory limit nothing grows: there is none to be hit.
 * @param tryNumber from 1; restarts by infrastructure are the same try and get the same memory
 */
export function grownResources<R extends Quantities>(resources: R, growth: MemoryGrowth | undefined, tryNumber: number): R {
  const limit = resources.limits?.memory;
  const limitBytes = limit === undefined ? undefined : parseBytes(limit);
  if (growth === undefined || tryNumber <= 1 || limitBytes === undefined) return resources;
  const capBytes = (growth.max === undefined ? undefined : parseBytes(growth.max)) ?? limitBytes * DEFAULT_CAP_FACTOR;
  const wanted = Math.min(limitBytes * growth.factor ** (tryNumber - 1), capBytes);
  // A cap below the limit that the task starts with takes nothing away.
  const share = Math.max(wanted, limitBytes) / limitBytes;
  const grow = (bytes: number) => wholeMebibytes(bytes * share);
  const requestBytes = resources.requests?.memory === undefined ? undefined : parseBytes(resources.requests.memory);
  return {
    ...resources,
    limits: { ...resources.limits, memory: grow(limitBytes) },
    ...(requestBytes === undefined ? {} : { requests: { ...resources.requests, memory: grow(requestBytes) } }),
  };
}

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** A quantity of memory in bytes ("512Mi", "1.5G", "1e9"); undefined when it is none. */
export function parseBytes(quantity: string): number | undefined {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?(?:[eE]\d+)?)([kMGTP]|[KMGTP]i)?$/.exec(quantity) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit]!;
}

const MEBIBYTE = 2 ** 20;
const wholeMebibytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / MEBIBYTE))}Mi`;
