import type { RunDetailReply, TaskReply } from "#contract/run.ts";
import { isFinal } from "#core/run.ts";
import type { ApiClient } from "./api-client.ts";
import { ApiProblem } from "./api-problem.ts";
import { followLog, type LogOf, readLog } from "./follow-log.ts";

/** What a task printed, in whole lines. */
type Print = (taskId: string, text: string) => Promise<void>;

interface RunLogsOptions {
  signal: AbortSignal;
  timestamps?: boolean | undefined;
  tail?: number | undefined;
  /** Only this task's. */
  taskId?: string | undefined;
  print: Print;
}

/** Streams at once; what waits is in the store and loses nothing. */
const AT_ONCE = 32;
/** What a pod that never started has printed is nothing, and nobody says that it is all. */
const SILENCE_MS = 2_000;

/** The logs of every try under way of a run, as they come. Fed with the run whenever it is looked at. */
export class RunLogs {
  readonly #api: ApiClient;
  readonly #options: RunLogsOptions;
  readonly #begun = new Set<string>();
  /** The end of what is written before anything else. */
  #whole: Promise<void> = Promise.resolve();
  readonly #open = new Map<string, { work: Promise<void>; stop: AbortController; lastAt: number }>();

  constructor(api: ApiClient, options: RunLogsOptions) {
    this.#api = api;
    this.#options = options;
  }

  /** Begins to follow what has begun, and gives up what has ended and says nothing. */
  update(run: RunDetailReply): void {
    const tries = run.tasks
      .filter(({ id }) => this.#options.taskId === undefined || id === this.#options.taskId)
      .flatMap(triesOf);
    for (const { isOver, startedAt: _, ...log } of tries.sort((a, b) => a.startedAt.localeCompare(b.startedAt))) {
      const key = `${log.taskId} ${log.try} ${log.infra}`;
      if (!this.#begun.has(key) && this.#open.size < AT_ONCE) this.#follow({ runId: run.id, ...log }, key, isOver);
      const open = this.#open.get(key);
      if (open !== undefined && isOver && performance.now() - open.lastAt > SILENCE_MS) open.stop.abort();
    }
  }

  /** When all that is followed has come to its end. */
  async ended(run: RunDetailReply): Promise<void> {
    // What found no room yet is whole by now.
    for (this.update(run); this.#open.size > 0; this.update(run)) {
      const next = new Promise(resolve => setTimeout(resolve, SILENCE_MS / 4).unref());
      await Promise.race([next, ...[...this.#open.values()].map(({ work }) => work)]);
      this.#options.signal.throwIfAborted();
    }
  }

  /** What was over when it was seen comes whole, one after the other, before what still goes on: as it has happened. */
  #follow(log: LogOf, key: string, isOver: boolean): void {
    this.#begun.add(key);
    const entry = { stop: new AbortController(), lastAt: Number.POSITIVE_INFINITY, work: Promise.resolve() };
    const heard = () => {
      entry.lastAt = performance.now();
    };
    const begin = () => {
      heard();
      return this.#pass(log, entry.stop, heard);
    };
    entry.work = this.#whole.then(begin).finally(() => this.#open.delete(key));
    this.#open.set(key, entry);
    // Its failure is thrown by `ended`; until then it must not be unhandled.
    const settled = entry.work.catch(() => undefined);
    if (isOver) this.#whole = settled;
  }

  async #pass(log: LogOf, stop: AbortController, onText: () => void): Promise<void> {
    const { signal, timestamps, tail, print } = this.#options;
    let rest = "";
    try {
      const following = followLog(this.#api, log, { signal: AbortSignal.any([signal, stop.signal]), timestamps, tail });
      for await (const text of following) {
        onText();
        const cut = (rest + text).lastIndexOf("\n") + 1;
        if (cut > 0) await print(log.taskId, (rest + text).slice(0, cut));
        rest = (rest + text).slice(cut);
      }
    } catch (error) {
      if (!stop.signal.aborted || signal.aborted) throw error;
    }
    if (rest !== "") await print(log.taskId, `${rest}\n`);
  }
}

/** The logs of a run's last tries, one task after the other, as they are now. */
export async function printRunLogs(
  api: ApiClient,
  run: RunDetailReply,
  { timestamps, tail, taskId, print }: RunLogsOptions,
): Promise<void> {
  for (const task of run.tasks) {
    if (!isPrinting(task) || (taskId !== undefined && task.id !== taskId)) continue;
    try {
      let text = "";
      for await (const part of readLog(api, { runId: run.id, taskId: task.id }, { timestamps, tail })) text += part;
      if (text !== "") await print(task.id, text.endsWith("\n") ? text : `${text}\n`);
    } catch (error) {
      if (!(error instanceof ApiProblem && error.problem.code === "WL_LOG_UNKNOWN")) throw error;
    }
  }
}

interface SeenTry {
  taskId: string;
  try: number;
  infra: number;
  startedAt: string;
  isOver: boolean;
}

/** The tries that have ended, and the one under way. */
function triesOf(task: TaskReply): SeenTry[] {
  if (!isPrinting(task)) return [];
  const { id: taskId, infra, startedAt = "" } = task;
  const ended = task.tries.map(one => ({ taskId, try: one.try, infra: one.infra, startedAt: one.startedAt, isOver: true }));
  const hasLast = ended.some(one => one.try === task.try && one.infra === infra);
  return hasLast ? ended : [...ended, { taskId, try: task.try, infra, startedAt, isOver: isFinal(task.state) }];
}

/** A try has begun, and it has containers that print. */
const isPrinting = ({ operator, try: tryNumber }: TaskReply): boolean => tryNumber > 0 && operator === "pod";
