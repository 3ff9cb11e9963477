import assert from "node:assert/strict";
import { WindlassError } from "#core/errors.ts";
import { ApiProblem } from "../../../services/cli/client/api-problem.ts";
import { GROUPS } from "../../../services/cli/commands/groups.ts";
import { optional, required } from "../../../services/cli/frame/argument.ts";
import { type CommandGroup, commandsOf, defineCommand } from "../../../services/cli/frame/command.ts";
import { choice, flag, list, type Option, parsed, text, withDefault } from "../../../services/cli/frame/option.ts";
import { INTERRUPTED, runCli } from "../../../services/cli/frame/run-cli.ts";
import { wholeNumber } from "../../../services/cli/input/parse-number.ts";
import { playedIo } from "./played-io.ts";

/** What the command was given. */
let given: unknown;

const show = defineCommand({
  name: "show",
  summary: "Show a thing.",
  args: { thing: required("which one"), more: optional("and another") },
  options: {
    limit: withDefault(parsed("-n, --limit <number>", "how many", wholeNumber(1)), 10),
    order: choice("--order <order>", "which first", ["oldest", "newest"]),
    param: list("-p, --param <k=v>", "a parameter"),
    dryRun: flag("--dry-run", "do nothing"),
    noCompare: flag("--no-compare", "compare nothing"),
    note: text("--note <text>", "a note"),
  },
  async run(input, context) {
    given = input;
    const row = { thing: input.args.thing };
    const columns = [{ title: "THING", cell: (it: typeof row) => it.thing, colour: () => "green" as const }];
    await context.show({ data: row, rows: [row], columns, name: it => it.thing });
  },
});

const failing = (error: unknown) =>
  defineCommand({
    name: "fail",
    summary: "Fail.",
    args: {},
    options: {},
    async run() {
      throw error;
    },
  });

async function run(
  words: readonly string[],
  { commands = [show] as never, colours = false, signal = new AbortController().signal } = {},
) {
  const { io, out, said } = playedIo({ colours });
  const groups: CommandGroup[] = [
    { name: "things", summary: "look at things", heading: "Work:", load: async () => commands },
    {
      name: "heavy",
      summary: "not loaded",
      heading: "Work:",
      load: () => assert.fail("a group was loaded that nobody asked for"),
    },
  ];
  given = undefined;
  const exitCode = await runCli(words, groups, { env: {}, io, signal, now: () => 0 });
  return { exitCode, out: out(), said: said.join("\n") };
}

describe("runCli", () => {
  it("gives a command its words, and defaults for those that are missing", async () => {
    assert.equal((await run(["things", "show", "a"])).exitCode, 0);
    const options = { limit: 10, order: undefined, param: [], dryRun: false, noCompare: false, note: undefined };
    assert.deepEqual(given, { args: { thing: "a", more: undefined }, options });
  });

  it("shows defaults that could be written", async () => {
    const broken: string[] = [];
    for (const group of GROUPS)
      for (const { name, options } of await commandsOf(group))
        for (const { flags, parse, fallback, fallbackText } of Object.values(options as Record<string, Option<unknown>>)) {
          if (fallbackText === undefined) continue;
          const read = parse === undefined ? fallbackText : parse(fallbackText);
          if (read !== fallback) broken.push(`${group.name} ${name} ${flags}`);
        }
    assert.deepEqual(broken, []);
  });

  it("reads every kind of option", async () => {
    await run("things show a b -n 3 --order newest -p x=1 --param y=2 --dry-run --no-compare --note hi".split(" "));
    const options = { limit: 3, order: "newest", param: ["x=1", "y=2"], dryRun: true, noCompare: true, note: "hi" };
    assert.deepEqual(given, { args: { thing: "a", more: "b" }, options });
  });

  const refused: readonly (readonly [words: string, said: RegExp])[] = [
    ["thigns show a", /unknown command 'thigns'\n\(Did you mean things\?\)/],
    ["things shwo a", /unknown command 'shwo'\n\(Did you mean show\?\)\nSee: windlass things --help/],
    ["things show", /missing required argument 'thing'\nSee: windlass things show --help/],
    ["things show a b c", /too many arguments/],
    ["things show a --ordre oldest", /unknown option '--ordre'\n\(Did you mean --order\?\)/],
    ["things show a --order size", /'size' is invalid.*Allowed choices are oldest, newest/],
    ["things show a --limit none", /--limit: 'none' is no whole number from 1 on/],
    ["things show a -o xml", /Allowed choices are table, wide, json, yaml, name/],
    ["things", /Usage: windlass things/],
    ["", /Usage: windlass/],
  ];
  for (const [words, said] of refused) {
    it(`refuses 'windlass ${words}' with 2`, async () => {
      const result = await run(words.split(" ").filter(Boolean));
      assert.equal(result.exitCode, 2);
      assert.match(result.said, said);
      assert.deepEqual([result.out, given], ["", undefined]);
    });
  }

  it("prints help as data, without loading what it does not show", async () => {
    const { exitCode, out } = await run(["--help"]);
    assert.equal(exitCode, 0);
    assert.match(out, /Work:\n +things +look at things\n +heavy +not loaded/);
    assert.match((await run(["things", "show", "--help"])).out, /Usage: windlass things show \[options\] <thing> \[more\]/);
    assert.match((await run(["help", "things"])).out, /show +Show a thing\./);
  });

  const formats: readonly (readonly [format: string, out: string])[] = [
    ["table", "THING\na\n"],
    ["json", '{\n  "thing": "a"\n}\n'],
    ["yaml", "thing: a\n"],
    ["name", "a\n"],
  ];
  for (const [format, out] of formats) {
    it(`writes ${format}`, async () => assert.equal((await run(["things", "show", "a", "-o", format])).out, out));
  }

  it("colours only where it may", async () => {
    assert.ok((await run(["things", "show", "a"], { colours: true })).out.includes("\u001b[32ma"));
    assert.equal((await run(["things", "show", "a", "--no-color"], { colours: true })).out, "THING\na\n");
  });

  const problem = (status: number, code: string) =>
    new ApiProblem(status, JSON.stringify({ code, detail: "it is so", next: "do this", requestId: "r-1" }));
  const failures: readonly (readonly [what: string, error: unknown, exitCode: number, said: RegExp])[] = [
    ["a 404", problem(404, "WL_RUN_UNKNOWN"), 3, /^error: it is so\n {2}List the runs: windlass runs list$/],
    ["a 401", problem(401, "WL_AUTH"), 4, /Log in: windlass login/],
    ["a 403", problem(403, "WL_FORBIDDEN"), 4, /it is so/],
    ["a 409", problem(409, "WL_RUN_EXISTS"), 6, /it is so/],
    ["a 412", problem(412, "WL_CHANGED_BY_TOMORROW"), 6, /^error: it is so\n {2}do this$/],
    ["a 422", problem(422, "WL_INPUT"), 2, /it is so/],
    ["a 500", problem(500, "WL_INTERNAL"), 1, /request id: r-1/],
    ["a 503", problem(503, "WL_REDIS_AWAY"), 5, /it is so/],
    ["a proxy's 502", new ApiProblem(502, "<html>"), 5, /the server answered 502: <html>/],
    ["no answer", new WindlassError("WL_CLI_UNREACHABLE", "http://x does not answer"), 5, /Start Windlass/],
    ["a timeout", new WindlassError("WL_CLI_TIMEOUT", "not yet"), 124, /not yet/],
    [
      "a mistake in a file",
      new WindlassError("WL_DAG_CYCLE", "a → a", { place: { file: "x.ts", line: 7 } }),
      1,
      /^error: x\.ts:7: a → a\n/,
    ],
    ["a defect", new TypeError("oops"), 1, /TypeError: oops\n +at /],
  ];
  for (const [what, error, exitCode, said] of failures) {
    it(`ends ${what} with ${exitCode} and the next step`, async () => {
      const result = await run(["things", "fail"], { commands: [failing(error)] as never });
      assert.equal(result.exitCode, exitCode);
      assert.match(result.said, said);
      assert.equal(result.out, "");
    });
  }

  it("ends what was interrupted with 130, and says nothing", async () => {
    const result = await run(["things", "fail"], {
      commands: [failing(INTERRUPTED)] as never,
      signal: AbortSignal.abort(INTERRUPTED),
    });
    assert.deepEqual([result.exitCode, result.said], [130, ""]);
  });
});
