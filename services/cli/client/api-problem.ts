import { Problem } from "#contract/problem.ts";

/** An answer of the server that says no. Of a server that is newer than this client `code` may be one that we do not know. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  readonly problem: Partial<Problem>;

  constructor(status: number, text: string) {
    const problem = parse(text);
    super(problem.detail ?? `the server answered ${status}: ${text.slice(0, 200)}`);
    this.status = status;
    this.problem = problem;
  }
}

/** What stands between us and the server answers in HTML, or not at all. */
function parse(text: string): Partial<Problem> {
  try {
    const { code, ...rest } = JSON.parse(text) as Partial<Problem>;
    const known = Problem.shape.code.safeParse(code);
    return { ...rest, ...(known.success ? { code: known.data } : {}) };
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
