import { z } from "zod";
import { FAILURE_CODES } from "#core/failure-codes.ts";
import { nearest } from "#core/nearest.ts";

type KnownCode = (typeof FAILURE_CODES)[number];

const KNOWN: ReadonlySet<unknown> = new Set(FAILURE_CODES);
const PAGE = "docs/reference/failures.md lists them";

function codeProblem(value: unknown): string | undefined {
  if (KNOWN.has(value)) return undefined;
  if (typeof value !== "string") return `expected a failure code; ${PAGE}`;
  const close = nearest(value, FAILURE_CODES);
  return `'${value}' is no failure code; ${close === undefined ? PAGE : `did you mean '${close}'?`}`;
}

function exitCodeProblem(value: unknown): string | undefined {
  const isExitCode = Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 255;
  return isExitCode ? undefined : "expected an exit code from 1 to 255";
}

const ruleProblem = (value: unknown): string | undefined =>
  typeof value === "number" ? exitCodeProblem(value) : codeProblem(value);

/** A value that a check has nothing against; what the check says is the message. */
const checked = <T>(problem: (value: unknown) => string | undefined) =>
  z.custom<T>(value => problem(value) === undefined, { error: ({ input }) => problem(input) ?? "" });

/** How a process can fail. */
export const ExitCode = checked<number>(exitCodeProblem);
/** A code of the failure table. */
export const FailureCode = checked<KnownCode>(codeProblem);
/** Either: what failOn and skipOn name. */
export const FailureRule = checked<number | KnownCode>(ruleProblem);
