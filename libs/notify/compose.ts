import { formatDuration } from "#core/duration.ts";
import { adviceFor } from "#core/failure.ts";
import type { NoticeMoment } from "#core/notice.ts";
import type { Outcome } from "#core/outcome.ts";

/** What is known of the thing that a notice is about. */
export interface NoticeFacts {
  id: string;
  moment: NoticeMoment;
  dagId: string;
  runId: string;
  /** Absent: it is about the run. */
  taskId?: string;
  try?: number;
  /** How often the task may be tried. */
  maxTries?: number;
  state: string;
  createdAt: number;
  /** The instant the run stands for. */
  logicalAt?: number;
  startedAt?: number;
  endedAt?: number;
  /** When the next try is due. */
  retryAt?: number;
  outcome?: Outcome;
  /** The run's tasks that failed; those that followed them are left out. */
  failedTasks?: readonly { taskId: string; outcome?: Outcome }[];
  /** When the run should have ended. */
  dueAt?: number;
  /** Addresses for people; absent where the installation does not say where it is. */
  links: { run?: string; logs?: string };
}

/** A notice ready to go out: as a subject and a text for people, and as data for programs. */
export interface Message {
  /** Names the message for ever: equal ids, one message. */
  id: string;
  subject: string;
  text: string;
  payload: Readonly<Record<string, unknown>>;
}

const TITLES: Readonly<Record<NoticeMoment, string>> = {
  onSuccess: "succeeded",
  onFailure: "failed",
  onRetry: "failed and is tried again",
  onSkipped: "was skipped",
  onDeadline: "missed its deadline",
};

/** How many failed tasks a text lists. */
const MOST_LISTED = 10;

/** The words of a notice: what happened, why, what to do, where to look. */
export function compose(facts: NoticeFacts): Message {
  const what = facts.taskId === undefined ? `${facts.dagId}` : `${facts.dagId} / ${facts.taskId}`;
  const head = `${what} ${TITLES[facts.moment]}`;
  const lines = [head, "", ...table(facts), ...why(facts), ...links(facts)];
  return { id: facts.id, subject: `[Windlass] ${head}${tries(facts)}`, text: `${lines.join("\n")}\n`, payload: payloadOf(facts) };
}

const tries = ({ try: tryNumber, maxTries, moment }: NoticeFacts): string =>
  tryNumber === undefined || maxTries === undefined || maxTries < 2 || moment === "onSkipped"
    ? ""
    : ` (try ${tryNumber} of ${maxTries})`;

const instant = (at: number): string => new Date(at).toISOString();

function table(facts: NoticeFacts): string[] {
  const { logicalAt, startedAt, endedAt, retryAt, dueAt } = facts;
  const took = startedAt !== undefined && endedAt !== undefined ? formatDuration(endedAt - startedAt) : undefined;
  const rows: readonly (readonly [name: string, value: string | undefined])[] = [
    ["run", facts.runId],
    ["for", logicalAt === undefined ? undefined : instant(logicalAt)],
    ["state", facts.state],
    ["due", dueAt === undefined ? undefined : instant(dueAt)],
    ["ended", endedAt === undefined ? undefined : `${instant(endedAt)}${took === undefined ? "" : `, after ${took}`}`],
    ["next try", retryAt === undefined ? undefined : instant(retryAt)],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
}

function why({ outcome, failedTasks = [] }: NoticeFacts): string[] {
  const own = outcome === undefined || outcome.result === "success" ? [] : ["", ...outcomeLines(outcome)];
  const listed = failedTasks
    .slice(0, MOST_LISTED)
    .flatMap(({ taskId, outcome: one }) => [
      "",
      `task ${taskId}`,
      ...(one === undefined ? [] : outcomeLines(one).map(line => `  ${line}`)),
    ]);
  const more = failedTasks.length > MOST_LISTED ? ["", `and ${failedTasks.length - MOST_LISTED} more`] : [];
  return [...own, ...listed, ...more];
}

function outcomeLines(outcome: Outcome): string[] {
  const advice = adviceFor(outcome);
  return [
    outcome.message === "" ? outcome.code : `${outcome.code}: ${outcome.message}`,
    ...(outcome.evidence === undefined ? [] : [`evidence: ${outcome.evidence}`]),
    ...(advice === undefined ? [] : [`what to do: ${advice}`]),
  ];
}

function links({ links: { run, logs } }: NoticeFacts): string[] {
  const rows = [
    ["run", run],
    ["log", logs],
  ].flatMap(([name, url]) => (url === undefined ? [] : [`${name}: ${url}`]));
  return rows.length === 0 ? [] : ["", ...rows];
}

/** Instants in ISO 8601, so that programs need not guess. */
function payloadOf(facts: NoticeFacts): Record<string, unknown> {
  const { outcome, createdAt, logicalAt, startedAt, endedAt, retryAt, dueAt, failedTasks, ...rest } = facts;
  const instants = { createdAt, logicalAt, startedAt, endedAt, retryAt, dueAt };
  const written = Object.entries(instants).flatMap(([name, at]) => (at === undefined ? [] : [[name, instant(at)]]));
  const advice = outcome && adviceFor(outcome);
  return {
    ...rest,
    ...Object.fromEntries(written),
    ...(outcome === undefined ? {} : { outcome: { ...outcome, ...(advice === undefined ? {} : { advice }) } }),
    ...(failedTasks === undefined ? {} : { failedTasks }),
  };
}
