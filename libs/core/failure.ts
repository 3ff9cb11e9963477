import { ERRORS } from "./errors.ts";
import { type FailureCode, failureRow } from "./failure-codes.ts";
import type { Outcome, PodRef } from "./outcome.ts";

export interface FailureDetails {
  /** Fills the row's sentence. */
  values?: Readonly<Record<string, string | number>>;
  /** What Kubernetes said, verbatim. Never what a container wrote: it may be a secret, and an outcome goes into Redis. */
  evidence?: string | undefined;
  container?: string | undefined;
  exitCode?: number | undefined;
}

/** Status messages are a sentence or two; a scheduler's list of nodes may be longer. */
const MAX_EVIDENCE = 1_000;

/** How a try ended, in the words of the table: blame and sentence come from the code's row. */
export function failure(code: FailureCode, { values = {}, evidence = "", container, exitCode }: FailureDetails = {}): Outcome {
  const row = failureRow(code);
  if (row === undefined) throw new TypeError(`no failure code '${code}'`);
  const known: FailureDetails["values"] = { container: container ?? "", exitCode: exitCode ?? "", ...values };
  const said = evidence.trim();
  return {
    result: "failed",
    code,
    blame: row.blame,
    message: row.what.replace(/\{(\w+)\}/g, (_, name: string) => String(known[name] ?? "")),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(container === undefined ? {} : { container }),
    ...(said === "" ? {} : { evidence: said.length > MAX_EVIDENCE ? `${said.slice(0, MAX_EVIDENCE - 1)}…` : said }),
  };
}

/** What the reader of a failure can do; undefined when nothing failed. Derived from the code, so it is not stored. */
export function adviceFor({ result, code }: Pick<Outcome, "result" | "code">): string | undefined {
  if (result !== "failed") return undefined;
  return failureRow(code)?.advice ?? (Object.hasOwn(ERRORS, code) ? ERRORS[code as keyof typeof ERRORS] : undefined);
}

/** What happened in one line: the sentence, and what Kubernetes said. For places that have no room for more. */
export const sentenceOf = ({ code, message, evidence }: Outcome): string =>
  [code, message, evidence].filter(part => part !== undefined && part !== "").join(": ");

/** The four parts of a failure for people: what happened, where, the evidence, what to do. */
export function explain(outcome: Outcome, pod?: PodRef): string[] {
  const { code, message, evidence, container } = outcome;
  const place = [
    pod && `pod ${pod.namespace}/${pod.name}`,
    pod?.node === undefined ? undefined : `node ${pod.node}`,
    container === undefined ? undefined : `container ${container}`,
  ].filter(part => part !== undefined);
  const advice = adviceFor(outcome);
  return [
    message === "" ? code : `${code}: ${message}`,
    ...(place.length === 0 ? [] : [`where: ${place.join(", ")}`]),
    ...(evidence === undefined ? [] : [`evidence: ${evidence}`]),
    ...(advice === undefined ? [] : [`what to do: ${advice}`]),
  ];
}
