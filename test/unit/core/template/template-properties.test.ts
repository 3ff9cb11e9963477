import assert from "node:assert/strict";
import fc from "fast-check";
import { WindlassError } from "#core/errors.ts";
import { FILTERS } from "#core/template/filters.ts";
import { pathsOf, pathText, type TemplatePath } from "#core/template/paths.ts";
import { renderText, renderTree } from "#core/template/render.ts";

const PROTOTYPE_NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "length"];
const name = fc.oneof(fc.constantFrom(...PROTOTYPE_NAMES), fc.string({ maxLength: 8 }));
const scopes = fc.dictionary(name, fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>);

/** Pieces of which expressions are made, in any order. */
const piece = fc.oneof(
  fc.constantFrom("{{", "}}", "|", ".", "[", "]", "(", ")", ",", '"', "'", "\\", " ", "\n", "run", "params", "-", "1", "e9"),
  fc.constantFrom(...Object.keys(FILTERS)),
  name,
);
const anyText = fc.oneof(
  fc.string(),
  fc.array(piece, { maxLength: 30 }).map(pieces => pieces.join("")),
);
const literal = fc.oneof(fc.string(), fc.integer(), fc.constantFrom(true, false, null), fc.constant("Europe/Berlin"));
const call = fc
  .tuple(fc.constantFrom(...Object.keys(FILTERS)), fc.array(literal, { maxLength: 3 }))
  .map(([filter, args]) => `| ${filter}${args.length === 0 ? "" : `(${args.map(arg => JSON.stringify(arg)).join(", ")})`}`);
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.date({ noInvalidDate: true }).map(date => date.toISOString()),
  fc.double({ noNaN: true }),
);

/** What rendering came to: a value, or the one error that it may throw. */
const outcome = (render: () => unknown): { value: unknown } | { error: string } => {
  try {
    return { value: render() };
  } catch (error) {
    assert.ok(error instanceof WindlassError && error.code === "WL_TEMPLATE", String(error));
    return { error: error.message };
  }
};

describe("templates, whatever is written", () => {
  it("throw nothing but WL_TEMPLATE, and agree with pathsOf on what is an expression", () =>
    fc.assert(
      fc.property(anyText, scopes, (text, scope) => {
        const paths = outcome(() => pathsOf(text));
        const rendered = outcome(() => renderText(text, scope));
        if ("error" in paths) assert.ok("error" in rendered);
      }),
      { numRuns: 2_000 },
    ));

  it("apply any filters to any value", () =>
    fc.assert(
      fc.property(value, fc.array(call, { maxLength: 5 }), (value, calls) => {
        const made = outcome(() => renderText(`{{ value ${calls.join(" ")} }}`, { value }));
        if ("value" in made) assert.doesNotThrow(() => JSON.stringify(made.value));
        if ("value" in made && typeof made.value === "number") assert.ok(!Number.isNaN(made.value));
      }),
      { numRuns: 3_000 },
    ));

  it("never change a text without braces", () =>
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }).filter(text => !text.includes("{{")),
        text => assert.equal(renderText(text, {}), text),
      ),
    ));

  it("find exactly what is in the scope", () =>
    fc.assert(
      fc.property(scopes, fc.array(name, { minLength: 1, maxLength: 3 }), (scope, path) => {
        let expected: unknown = scope;
        for (const step of path) {
          const has =
            typeof expected === "object" && expected !== null && !Array.isArray(expected) && Object.hasOwn(expected, step);
          expected = has ? (expected as Record<string, unknown>)[step] : undefined;
        }
        const head = /^[A-Za-z_$][\w$-]*$/.test(path[0]!) && !["true", "false", "null"].includes(path[0]!);
        fc.pre(head);
        const found = outcome(() => renderText(`{{ ${pathText(path)} }}`, scope));
        if (expected === undefined) assert.ok("error" in found);
        else assert.deepEqual(found, { value: expected });
      }),
    ));

  it("read back the path that pathText writes", () =>
    fc.assert(
      fc.property(fc.array(fc.oneof(name, fc.nat()), { maxLength: 4 }), rest => {
        const path: TemplatePath = ["run", ...rest];
        const text = pathText(path);
        assert.deepEqual(pathsOf(`{{ ${text} }}`), [path]);
      }),
    ));

  it("leave the tree alone where there is no expression", () =>
    fc.assert(
      fc.property(
        fc.jsonValue().filter(tree => !JSON.stringify(tree).includes("{{")),
        tree => assert.equal(renderTree(tree as never, {}), tree),
      ),
    ));
});
