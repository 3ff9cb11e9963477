import assert from "node:assert/strict";
import fc from "fast-check";
import { grownResources, parseBytes } from "#core/memory-growth.ts";

interface Row {
  what: string;
  resources: { requests?: Record<string, string>; limits?: Record<string, string> };
  growth?: { factor: number; max?: string };
  /** limit and request of tries 1, 2, 3, … */
  tries: readonly (string | undefined)[];
}

const limit = (memory: string) => ({ limits: { cpu: "1", memory } });

const TABLE: readonly Row[] = [
  { what: "no growth", resources: limit("512Mi"), tries: ["512Mi", "512Mi", "512Mi"] },
  {
    what: "half more each time",
    resources: limit("512Mi"),
    growth: { factor: 1.5 },
    tries: ["512Mi", "768Mi", "1152Mi", "1728Mi", "2048Mi"],
  },
  {
    what: "up to a cap",
    resources: limit("1Gi"),
    growth: { factor: 2, max: "3Gi" },
    tries: ["1Gi", "2048Mi", "3072Mi", "3072Mi"],
  },
  {
    what: "a cap below the limit",
    resources: limit("1Gi"),
    growth: { factor: 2, max: "512Mi" },
    tries: ["1Gi", "1024Mi", "1024Mi"],
  },
  { what: "decimal units", resources: limit("1G"), growth: { factor: 2 }, tries: ["1G", "1907Mi"] },
  {
    what: "no limit, nothing to be hit",
    resources: { requests: { memory: "1Gi" } },
    growth: { factor: 2 },
    tries: [undefined, undefined],
  },
  {
    what: "a quantity that is none is Kubernetes' to refuse",
    resources: limit("lots"),
    growth: { factor: 2 },
    tries: ["lots", "lots"],
  },
];

describe("grownResources", () => {
  for (const { what, resources, growth, tries } of TABLE) {
    it(what, () =>
      assert.deepEqual(
        tries.map((_, i) => grownResources(resources, growth, i + 1).limits?.memory),
        tries,
      ),
    );
  }

  it("lets the request grow with the limit, and leaves the rest alone", () => {
    const resources = { requests: { cpu: "500m", memory: "256Mi" }, limits: { cpu: "1", memory: "512Mi" } };
    assert.deepEqual(grownResources(resources, { factor: 2 }, 2), {
      requests: { cpu: "500m", memory: "512Mi" },
      limits: { cpu: "1", memory: "1024Mi" },
    });
    assert.deepEqual(resources.limits, { cpu: "1", memory: "512Mi" });
  });

  it("never shrinks, never passes the cap, and is the same for the same try", () => {
    const spec = fc.record({
      mebibytes: fc.integer({ min: 1, max: 1e6 }),
      factor: fc.double({ min: 1, max: 10, noNaN: true }),
      tries: fc.integer({ min: 1, max: 1_000 }),
    });
    fc.assert(
      fc.property(spec, ({ mebibytes, factor, tries }) => {
        const resources = limit(`${mebibytes}Mi`);
        const memory = (n: number) => parseBytes(grownResources(resources, { factor }, n).limits.memory)!;
        assert.ok(memory(tries + 1) >= memory(tries));
        assert.ok(memory(tries) <= 4 * mebibytes * 2 ** 20);
        assert.equal(memory(tries), memory(tries));
      }),
    );
  });
});

describe("parseBytes", () => {
  const table: readonly [string, number | undefined][] = [
    ["128974848", 128_974_848],
    ["129e6", 129_000_000],
    ["129M", 129_000_000],
    ["123Mi", 123 * 2 ** 20],
    ["1.5Gi", 1.5 * 2 ** 30],
    ["512mi", undefined],
    ["", undefined],
    ["-1", undefined],
  ];
  for (const [text, bytes] of table) it(`${text} → ${bytes}`, () => assert.equal(parseBytes(text), bytes));
});
