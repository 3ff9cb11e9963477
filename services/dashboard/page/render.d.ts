import type { DagReply } from "#contract/dag.ts";
import type { ImportErrorListReply } from "#contract/import-error.ts";
import type { RunDetailReply } from "#contract/run.ts";
import type { WorkerListReply } from "#contract/worker.ts";

export interface HomeView {
  dags: DagReply[];
  runs: RunDetailReply[];
  errors: ImportErrorListReply["importErrors"];
  workers: WorkerListReply["workers"];
}

/** A template whose values are escaped. */
export function html(strings: TemplateStringsArray, ...values: unknown[]): { text: string };
export function renderHome(view: HomeView, now: number): string;
export function renderRun(run: RunDetailReply, now: number): string;
export function renderShell(shell: {
  view: string;
  title: string;
  content: string;
  message: string;
  login?: { name: string; csrf: string };
}): string;
