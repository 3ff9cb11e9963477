import assert from "node:assert/strict";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HORIZON_TICKS } from "#core/schedule/horizon.ts";
import { askDagFile, loadDagFile } from "../../../services/scheduler/dag-source/dag-loader.ts";

const HOUR_MS = 3_600_000;
const AFTER_AT = Date.parse("2026-01-01T00:00Z");
const HOURLY = "new Date((Math.floor(after.getTime() / 3600000) + 1) * 3600000)";

describe("asking a DAG file for its ticks", () => {
  let root: string;
  before(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "windlass-timetable-")));
  });
  after(() => rm(root, { recursive: true, force: true }));

  let files = 0;
  /** A file with one DAG of its own timetable and one without. */
  const write = async (next: string): Promise<string> => {
    const file = join(root, `dag-${files++}.ts`);
    const text = `import { dag, timetable } from "windlass";
      export default dag("own", { schedule: timetable("own", { next: ${next} }) }, d => { d.empty("a"); });
      export const other = dag("other", { schedule: "@daily" }, d => { d.empty("a"); });`;
    await writeFile(file, text);
    return file;
  };
  const { signal } = new AbortController();
  const question = { afterAt: AFTER_AT, nowAt: AFTER_AT };

  it("answers for the DAGs that have a timetable, as far as a horizon reaches", async () => {
    const file = await write(`after => ${HOURLY}`);
    const answers = await askDagFile(file, root, { own: question, other: question, gone: question }, signal);
    assert.deepEqual([...answers.keys()], ["own"]);
    const { ticks, untilAt } = answers.get("own")!;
    assert.deepEqual([ticks.length, ticks[0], untilAt], [HORIZON_TICKS, AFTER_AT + HOUR_MS, ticks.at(-1)]);
  });

  it("answers with the end of a timetable that has one", async () => {
    const file = await write(`after => (after < new Date("2026-01-01T02:30Z") ? ${HOURLY} : undefined)`);
    const answers = await askDagFile(file, root, { own: question }, signal);
    assert.deepEqual(answers.get("own"), { ticks: [1, 2, 3].map(n => AFTER_AT + n * HOUR_MS) });
  });

  const wrong: readonly (readonly [what: string, next: string, code: string, message: RegExp])[] = [
    ["stands still", "after => after", "WL_DAG_TIMETABLE", /is not after it/],
    ["gives no Date", "() => 'tomorrow'", "WL_DAG_TIMETABLE", /is no valid Date/],
    ["throws", "() => { throw new Error('no calendar'); }", "WL_DAG_IMPORT", /no calendar/],
    ["does not end", "() => { for (;;); }", "WL_DAG_TIMEOUT", /was not read/],
  ];
  for (const [what, next, code, message] of wrong) {
    it(`shows a timetable that ${what} as a mistake of its file`, async () => {
      const file = await write(next);
      const limits = { timeoutMs: 5_000, heapBytes: 64 * 2 ** 20, replyBytes: 2 ** 20 };
      const { error } = await loadDagFile(file, root, signal, limits);
      assert.equal(error?.code, code);
      assert.match(error!.message, message);
      await assert.rejects(askDagFile(file, root, { own: question }, signal, limits), { code });
    }).timeout(30_000);
  }
});
