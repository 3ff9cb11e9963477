import type { Redis } from "ioredis";
import { isRunFinal, type TaskState } from "#core/run.ts";
import type { RunArchive } from "./archive/run-archive.ts";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";
import type { RunSummary } from "./run-record.ts";

/** How a task of a run stands, as little as a picture of many runs needs. */
export interface TaskCell {
  state: TaskState;
  /** The last try that was begun. */
  try: number;
}

/** Pictures of runs: one text each, made from the tasks' records. An ended run's is made once. */
export interface CellStore {
  /** @param draw a run's text from its tasks; the same function for every call */
  cellsOf(
    runs: readonly RunSummary[],
    draw: (run: RunSummary, cells: ReadonlyMap<string, TaskCell>) => Promise<string>,
  ): Promise<string[]>;
}

const KEEP_MS = 7 * 86_400_000;
/** Runs read at once: of a large one the records are megabytes. */
const BATCH = 4;

export function openCellStore(redis: Redis, keys: Keys, archives: RunArchive): CellStore {
  /** What was drawn of the runs when they were at the revisions they are at now. */
  async function drawn(runs: readonly RunSummary[]): Promise<(string | undefined)[]> {
    if (runs.length === 0) return [];
    const texts = await redis.mget(runs.map(({ id }) => keys.cells(id)));
    return runs.map(({ rev, state }, i) => {
      const text = texts[i] ?? "";
      const mark = `${rev}|`;
      return isRunFinal(state) && text.startsWith(mark) ? text.slice(mark.length) : undefined;
    });
  }

  async function read(runId: string): Promise<ReadonlyMap<string, TaskCell>> {
    const [tasks, archive] = await readPipeline(
      redis.pipeline().hgetall(keys.tasks(runId)).hgetBuffer(keys.run(runId), "archive"),
    );
    const records = archive === null ? (tasks as Record<string, string>) : (await archives.open(runId, archive as Buffer)).tasks;
    return new Map(Object.entries(records).map(([taskId, record]) => [taskId, headOf(record)]));
  }

  return {
    async cellsOf(runs, draw) {
      const known = await drawn(runs);
      const open = runs.flatMap((run, i) => (known[i] === undefined ? [{ run, i }] : []));
      const cells = known.map(text => text ?? "");
      for (let from = 0; from < open.length; from += BATCH) {
        await Promise.all(
          open.slice(from, from + BATCH).map(async ({ run, i }) => {
            cells[i] = await draw(run, await read(run.id));
            if (isRunFinal(run.state)) await redis.set(keys.cells(run.id), `${run.rev}|${cells[i]}`, "PX", KEEP_MS);
          }),
        );
      }
      return cells;
    },
  };
}

/** The head of a record says it; the rest is not looked at. */
function headOf(record: string): TaskCell {
  const [state = "none", , tryNumber = "0"] = record.split("|", 3);
  return { state: state as TaskState, try: Number(tryNumber) };
}
