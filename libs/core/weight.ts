import type { Graph } from "./graph.ts";

/** Weight of a task that says nothing. */
const USUAL = 1;
/** Words of 32 tasks that one pass over the graph reaches. */
const WORDS = 8;

/** A graph is of one version, and every run of the version asks for the same. */
const known = new WeakMap<object, ReadonlyMap<string, number> | undefined>();

/** The weight of a task, by its id in the DAG. */
export function weightOf(graph: Pick<Graph, "spec" | "downstream">, taskId: string): number {
  if (!known.has(graph)) known.set(graph, weightsOf(graph));
  return known.get(graph)?.get(taskId) ?? USUAL;
}

/**
 * How important each task is, by its DAG's weightRule: its own priority, or with that of all that come after it (downstream) or before it
 * (upstream), each counted once. Undefined: all weigh {@link USUAL}.
 */
function weightsOf({ spec, downstream }: Pick<Graph, "spec" | "downstream">): ReadonlyMap<string, number> | undefined {
  const rule = spec.weightRule ?? "absolute";
  const own = spec.tasks.map(task => task.priority ?? USUAL);
  if (rule === "absolute") {
    return own.every(weight => weight === USUAL) ? undefined : new Map(spec.tasks.map(({ id }, i) => [id, own[i]!]));
  }
  const places = new Map(spec.tasks.map(({ id }, i) => [id, i]));
  const toPlaces = (ids: readonly string[]): number[] => ids.map(id => places.get(id)).filter(place => place !== undefined);
  const down = spec.tasks.map(({ id }) => toPlaces(downstream.get(id) ?? []));
  const up = spec.tasks.map(({ upstream }) => toPlaces(upstream));
  const [next, previous] = rule === "downstream" ? [down, up] : [up, down];
  const sums = sumsOfReached(own, next, inOrder(previous, next));
  return new Map(spec.tasks.map(({ id }, i) => [id, sums[i]!]));
}

/** Every task behind all that `previous` names. */
function inOrder(previous: readonly number[][], next: readonly number[][]): number[] {
  const open = previous.map(list => list.length);
  const order = open.flatMap((count, place) => (count === 0 ? [place] : []));
  // An array can grow while it is walked.
  for (const place of order) {
    for (const after of next[place]!) if (--open[after]! === 0) order.push(after);
  }
  return order;
}

/**
 * A pass carries, from the ends backwards, a set of bits: which of some 256 tasks are reached. Tasks of one weight lie side by side, so that
 * most words are counted and not walked.
 */
function sumsOfReached(own: readonly number[], next: readonly number[][], order: readonly number[]): number[] {
  const sums = [...own];
  const backwards = [...order].reverse();
  const byWeight = own.map((_, place) => place).sort((a, b) => own[a]! - own[b]!);
  const weights = byWeight.map(place => own[place]!);
  const columns = new Uint32Array(own.length);
  for (const [column, place] of byWeight.entries()) columns[place] = column;
  const reached = new Uint32Array(own.length * WORDS);
  for (let first = 0; first < own.length; first += WORDS * 32) {
    reached.fill(0);
    for (const place of backwards) {
      const base = place * WORDS;
      for (const after of next[place]!) {
        for (let word = 0; word < WORDS; word++) reached[base + word]! |= reached[after * WORDS + word]!;
        const bit = columns[after]! - first;
        if (bit >= 0 && bit < WORDS * 32) reached[base + (bit >> 5)]! |= 1 << (bit & 31);
      }
      for (let word = 0; word < WORDS; word++) sums[place]! += weightOfBits(reached[base + word]!, first + word * 32, weights);
    }
  }
  return sums;
}

function weightOfBits(bits: number, first: number, weights: readonly number[]): number {
  if (bits === 0) return 0;
  const last = Math.min(first + 31, weights.length - 1);
  if (weights[first] === weights[last]) return countBits(bits) * weights[first]!;
  let sum = 0;
  for (let left = bits; left !== 0; left &= left - 1) sum += weights[first + (31 - Math.clz32(left & -left))]!;
  return sum;
}

/** By adding up neighbours: pairs, then fours, then bytes. */
function countBits(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

const LOWEST = 2_097_151;
const MIDDLE = 1_000_000;

/** The weight as a queue's priority, of which the lowest number goes first, from 1. */
export const priorityOf = (weight: number): number => Math.min(Math.max(MIDDLE - Math.round(weight), 1), LOWEST);
