import assert from "node:assert/strict";
import fc from "fast-check";
import type { DagBuilder, GroupHandle, TaskHandle } from "windlass";
import { dagOf } from "../../support/dag-of.ts";

/** A group holds tasks (numbers) and groups. */
type Shape = readonly (number | Shape)[];

const shape: fc.Arbitrary<Shape> = fc.letrec<{ shape: Shape }>(tie => ({
  shape: fc.array(fc.oneof({ maxDepth: 3 }, fc.integer(), tie("shape")), { minLength: 1, maxLength: 4 }) as fc.Arbitrary<Shape>,
})).shape;

type End = TaskHandle | GroupHandle;

/** Everything of the shape in the order in which it was added. A task's place in it is the order that all edges follow. */
function build(d: DagBuilder, parts: Shape): { end: End; group: string | undefined }[] {
  const ends: { end: End; group: string | undefined }[] = [];
  const add = (b: DagBuilder, list: Shape, group: string | undefined) => {
    for (const [index, part] of list.entries()) {
      if (typeof part === "number") ends.push({ end: b.noop(`t${index}`), group });
      else {
        const inside = b.group(`g${index}`, g => add(g, part, group === undefined ? `g${index}` : `${group}.g${index}`));
        ends.push({ end: inside, group });
      }
    }
  };
  add(d, parts, undefined);
  return ends;
}

const isInside = (id: string, group: string): boolean => id.startsWith(`${group}.`);

describe("edges of groups", () => {
  it("join what one group ends with and what the other begins with, whatever is drawn in which order", () => {
    fc.assert(
      fc.property(shape, fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 12 }), (parts, pairs) => {
        const drawn: { up: string; down: string }[] = [];
        const spec = dagOf(d => {
          const ends = build(d, parts);
          for (const [a, b] of pairs) {
            const [up, down] = [ends[a % ends.length]!, ends[b % ends.length]!];
            // Siblings, the earlier first: neither a circle nor a group joined with its own.
            if (up.group !== down.group || ends.indexOf(up) >= ends.indexOf(down)) continue;
            up.end.before(down.end);
            drawn.push({ up: up.end.id, down: down.end.id });
          }
        });
        const tasksOf = (end: string) => spec.tasks.filter(({ id }) => id === end || isInside(id, end));
        const firstOf = (end: string) => tasksOf(end).filter(({ upstream }) => !upstream.some(up => isInside(up, end)));
        const lastOf = (end: string) =>
          tasksOf(end).filter(({ id }) => !tasksOf(end).some(({ upstream }) => isInside(id, end) && upstream.includes(id)));
        const wanted = new Set(
          drawn.flatMap(({ up, down }) => lastOf(up).flatMap(last => firstOf(down).map(first => `${last.id}>${first.id}`))),
        );
        const found = new Set(spec.tasks.flatMap(({ id, upstream }) => upstream.map(up => `${up}>${id}`)));
        assert.deepEqual([...found].toSorted(), [...wanted].toSorted());
      }),
      { numRuns: 300 },
    );
  });
});
