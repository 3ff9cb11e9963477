import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError, readConfig } from "#runtime/config.ts";

const schema = z.object({
  REDIS_URL: z.url(),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  BOARD_WRITE: z.stringbool().default(false),
  API_TOKEN: z.string().min(16).optional(),
});

const mistakesOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(schema, env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.mistakes;
  }
  return [];
};

describe("runtime/config", () => {
  let dir = "";
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "windlass-config-"));
  });
  after(() => rmSync(dir, { recursive: true }));

  const file = (name: string, text: string): string => {
    const path = join(dir, name);
    writeFileSync(path, text);
    return path;
  };

  it("reads what the schema names, with its defaults, and nothing else", () => {
    const config = readConfig(schema, { REDIS_URL: "redis://127.0.0.1", PORT: "80", BOARD_WRITE: "true", HOME: "/root" });
    assert.deepEqual(config, { REDIS_URL: "redis://127.0.0.1", PORT: 80, BOARD_WRITE: true });
  });

  it("takes an empty variable as absent", () => {
    assert.equal(readConfig(schema, { REDIS_URL: "redis://127.0.0.1", PORT: "" }).PORT, 8080);
  });

  it("reports every mistake at once, each with its variable's name", () => {
    const mistakes = mistakesOf({ PORT: "eighty", BOARD_WRITE: "maybe" });
    assert.deepEqual(
      mistakes.map(line => line.split(":")[0]),
      ["REDIS_URL", "PORT", "BOARD_WRITE"],
    );
    assert.equal(mistakes[0], "REDIS_URL: is required");
  });

  it("reads NAME_FILE and drops the line end", () => {
    const config = readConfig(schema, { REDIS_URL: "redis://127.0.0.1", API_TOKEN_FILE: file("token", "0123456789abcdef\n") });
    assert.equal(config.API_TOKEN, "0123456789abcdef");
  });

  it("refuses NAME beside NAME_FILE, and a file that cannot be read, once each", () => {
    assert.deepEqual(mistakesOf({ REDIS_URL: "redis://h", API_TOKEN: "0123456789abcdef", API_TOKEN_FILE: file("t", "x") }), [
      "API_TOKEN: both API_TOKEN and API_TOKEN_FILE are set; keep one",
    ]);
    const missing = join(dir, "missing");
    assert.deepEqual(mistakesOf({ REDIS_URL_FILE: missing }), [`REDIS_URL: cannot read REDIS_URL_FILE '${missing}' (ENOENT)`]);
  });

  it("never shows a value that may be secret", () => {
    const telltale = z.object({
      API_TOKEN: z.string().refine(() => false, { error: issue => `bad value ${String(issue.input)}` }),
      PLAIN: z.string().refine(() => false, { error: issue => `bad value ${String(issue.input)}` }),
      MOUNTED: z.string().refine(() => false, { error: issue => `bad value ${String(issue.input)}` }),
      STORE_URL: z.string().refine(() => false, { error: issue => `bad value ${String(issue.input)}` }),
    });
    const env = {
      API_TOKEN: "s3cret",
      PLAIN: "shown",
      MOUNTED_FILE: file("mounted", "m0unted"),
      STORE_URL: "redis://:hunter2@h",
    };
    assert.throws(
      () => readConfig(telltale, env),
      (error: Error) => /shown/.test(error.message) && !/s3cret|m0unted|hunter2/.test(`${error.message}${error.stack}`),
    );
  });
});
