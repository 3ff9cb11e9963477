import { type ErrorCode, type Place, WindlassError } from "#core/errors.ts";

/** One mistake in a DAG file. */
export interface Problem {
  code: ErrorCode;
  message: string;
  place: Place;
}

/** All mistakes of one DAG in one error. Code and place are the first one's; `problems` lists every one. */
export class DagError extends WindlassError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly [Problem, ...Problem[]]) {
    super(problems[0].code, describe(problems), { place: problems[0].place });
    this.problems = problems;
  }
}

function describe(problems: readonly [Problem, ...Problem[]]): string {
  if (problems.length === 1) return sentence(problems[0]);
  return [`${problems.length} mistakes:`, ...problems.map(problem => `- ${sentence(problem)} (${problem.code})`)].join("\n");
}

function sentence({ message, place }: Problem): string {
  if (place.file === undefined) return message;
  const name = place.file.split(/[\\/]/).at(-1);
  return `${place.line === undefined ? name : `${name}:${place.line}`}: ${message}`;
}
