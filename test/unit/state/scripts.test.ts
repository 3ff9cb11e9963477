import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { SCRIPTS } from "#state/scripts.ts";

const folder = new URL("../../../libs/state/lua/", import.meta.url);

/** The names a header lists in its KEYS or ARGV block: each the first word of a line that is indented like the first one. */
function namesOf(lua: string, block: "KEYS" | "ARGV"): string[] {
  const header = lua.split("\n").filter((_, i, lines) => lines.slice(0, i + 1).every(before => before.startsWith("--")));
  const start = header.findIndex(line => line.startsWith(`-- ${block} `));
  const lines = [`--       ${header[start]!.slice(8)}`.replace(/^-- {7,}/, "--       ")];
  for (const line of header.slice(start + 1)) {
    if (!/^-- {6}/.test(line)) break;
    lines.push(line);
  }
  return lines.flatMap(line => /^-- {7}([A-Za-z][A-Za-z, ]*?)(?:\.\.\.| {2}|$)/.exec(line)?.[1] ?? []);
}

/** The names a script unpacks its block into. */
function localsOf(lua: string, block: "KEYS" | "ARGV"): string[] {
  const unpacked = new RegExp(`^local (.*) = (?:unpack\\(${block}(?:, 1, \\d+)?\\)|${block}\\[1\\])$`, "m").exec(lua);
  return unpacked?.[1]?.split(", ") ?? [];
}

describe("Lua scripts", () => {
  it("are exactly the files of the folder", () => {
    const files = readdirSync(folder).map(file => file.replace(/\.lua$/, ""));
    assert.deepEqual(files.sort(), Object.keys(SCRIPTS).sort());
  });

  for (const [name, { lua, shape }] of Object.entries(SCRIPTS)) {
    it(`${name}: header, script and call name the same keys and arguments in the same order`, () => {
      const rest = shape.rest === undefined ? [] : [shape.rest];
      assert.deepEqual(namesOf(lua, "KEYS"), [...shape.keys], "KEYS of the header");
      assert.deepEqual(namesOf(lua, "ARGV"), [...shape.args, ...rest], "ARGV of the header");
      assert.deepEqual(localsOf(lua, "KEYS"), [...shape.keys], "KEYS of the script");
      assert.deepEqual(localsOf(lua, "ARGV"), [...shape.args], "ARGV of the script");
    });

    it(`${name}: says what it returns`, () => assert.match(lua, /^-- returns \S/m));

    it(`${name}: touches no key it was not given and encodes no JSON`, () => {
      const code = lua.replace(/^--.*$/gm, "");
      const targets = [...code.matchAll(/redis\.call\('[A-Z]+', ([^,)]+)/g)].map(match => match[1]!);
      assert.ok(targets.length > 0);
      const allowed = new Set<string>([...shape.keys, ...shape.args.filter(arg => arg === "channel"), "key"]);
      assert.deepEqual(
        targets.filter(target => !allowed.has(target)),
        [],
      );
      assert.doesNotMatch(code, /cjson/);
    });
  }
});
