import type { Problem } from "#contract/problem.ts";

/** What is known of a request that was not answered as hoped. */
export interface Trouble {
  /** HTTP status; 0: nobody answered. */
  status: number;
  /** As in libs/core/errors.ts, or "WL_UNREACHABLE" and "WL_TIMEOUT", which only a browser meets. */
  code: string;
  /** What happened, with the names in it. */
  detail: string;
  /** What to do about it. */
  next: string;
  requestId?: string;
  errors?: Problem["errors"];
}

/** A request that failed, in words for people. */
export class ProblemError extends Error implements Trouble {
  override readonly name = "ProblemError";
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly next: string;
  readonly requestId: string | undefined;
  readonly errors: Problem["errors"];

  constructor({ status, code, detail, next, requestId, errors }: Trouble) {
    super(detail);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.next = next;
    this.requestId = requestId;
    this.errors = errors;
  }

  /** Nobody answered, or the server said that it cannot now: asking again later may help. */
  get isAway(): boolean {
    return this.status === 0 || this.status >= 502;
  }
}

/** Whatever was thrown, as something that can be shown. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ProblemError({
    status: 500,
    code: "WL_PAGE",
    detail,
    next: "Load the page again; if it stays so, it is a defect of this page.",
  });
}
