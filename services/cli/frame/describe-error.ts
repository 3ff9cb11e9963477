import { WindlassError } from "#core/errors.ts";
import { ConfigError } from "#runtime/config.ts";
import { ApiProblem } from "../client/api-problem.ts";
import { EXIT, type ExitCode, exitCodeOf, exitCodeOfStatus } from "./exit-code.ts";
import { nextStep } from "./next-step.ts";

interface Failure {
  /** For standard error. */
  lines: string[];
  exitCode: ExitCode;
}

/** What a person reads of an error, and what a script: what happened, then the next step. */
export function describeError(error: unknown): Failure {
  if (error instanceof ApiProblem) return describeProblem(error);
  if (error instanceof WindlassError) {
    const place = error.place.file === undefined ? "" : `${error.place.file}:${error.place.line ?? 1}: `;
    return { lines: [`error: ${place}${error.message}`, `  ${nextStep(error.code)}`], exitCode: exitCodeOf(error.code) };
  }
  if (error instanceof ConfigError) return { lines: [`error: ${error.message}`], exitCode: EXIT.usage };
  // What nobody foresaw: its stack tells where.
  return { lines: [error instanceof Error ? (error.stack ?? error.message) : String(error)], exitCode: EXIT.failed };
}

function describeProblem({ status, message, problem }: ApiProblem): Failure {
  const { code, errors = [], next, requestId } = problem;
  const more = errors.length > 1 ? errors.map(({ pointer, detail }) => `  ${pointer}: ${detail}`) : [];
  const step = code === undefined ? next : nextStep(code);
  const request = status >= 500 && requestId !== undefined ? [`  request id: ${requestId}`] : [];
  return {
    lines: [`error: ${message}`, ...more, ...(step === undefined ? [] : [`  ${step}`]), ...request],
    exitCode: exitCodeOfStatus(status),
  };
}
