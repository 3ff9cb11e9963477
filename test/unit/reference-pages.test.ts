import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FAILURE_CODES } from "#core/failure-codes.ts";
import { OPERATOR_BESIDES, OPERATOR_PARAMETERS, PARAMETER_TESTS } from "../../services/cli/operator-parameters.ts";
import { REFERENCE_PAGES } from "../../services/cli/reference-pages.ts";

const DIR = join(import.meta.dirname, "../../docs/reference");

describe("the reference", () => {
  for (const [file, page] of Object.entries(REFERENCE_PAGES)) {
    it(`${file} says what the code says; else run node services/cli/docs.ts`, () => {
      assert.equal(readFileSync(join(DIR, file), "utf8"), page());
    });
  }

  it("names every failure code once", () => {
    const codes = [...REFERENCE_PAGES["failures.md"]!().matchAll(/^\| `([^`]+)` \| (?:user|infra|config|policy) \|/gm)].map(
      ([, code]) => code,
    );
    assert.deepEqual(codes.sort(), [...FAILURE_CODES].sort());
  });

  it("has all 68 parameters of the KubernetesPodOperator, each with a test that exists", () => {
    const rows = Object.values(OPERATOR_PARAMETERS).flat();
    assert.equal(new Set(rows.map(({ parameter }) => parameter)).size, 68);
    assert.equal(rows.length, 68);
    for (const [name, [file, title]] of Object.entries(PARAMETER_TESTS)) {
      assert.ok(readFileSync(join(DIR, "../..", file), "utf8").includes(title), `${name}: ${file} has '${title}'`);
    }
    const used = new Set([...rows, ...OPERATOR_BESIDES].map(({ test }) => test));
    assert.deepEqual(
      Object.keys(PARAMETER_TESTS).filter(name => !([...used] as string[]).includes(name)),
      [],
    );
  });
});
