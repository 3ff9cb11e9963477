import type { Request, Response } from "express";
import type { ApiError } from "../http/api-error.ts";
import { asApiError } from "../http/as-api-error.ts";
import { statusOf } from "../http/status.ts";
import { loginPage } from "../page/login-page.ts";

/** Which ways in the page offers. */
export interface LoginWays {
  hasPassword: boolean;
  hasOidc: boolean;
}

/** The request comes from a page's form or link, and not from a program. */
export const isFromPage = (request: Request): boolean =>
  request.method === "GET" || request.is("application/x-www-form-urlencoded") !== false;

/** People see on the page that they came from what went wrong; programs get a problem, and so does the log of what is a defect. */
export async function onLoginPage(
  request: Request,
  response: Response,
  { next, ...ways }: LoginWays & { next: string },
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const error = asApiError(thrown);
    if (!isFromPage(request) || statusOf(error.code) === 500) throw thrown;
    sendPage(response, loginPage({ next, ...ways, message: sentenceOf(error) }), error);
  }
}

export const sentenceOf = (error: ApiError): string => `${error.message}. ${error.next}`;

export function sendPage(response: Response, page: string, error?: ApiError): void {
  response
    .status(error === undefined ? 200 : statusOf(error.code))
    .set({ ...error?.details.headers, "Cache-Control": "no-store" })
    .type("html")
    .send(page);
}

/** A path of ours; whatever leads elsewhere becomes "/". */
export function localPath(next: unknown): string {
  if (typeof next !== "string" || !next.startsWith("/")) return "/";
  const url = URL.parse(next, "http://here.invalid");
  return url?.origin === "http://here.invalid" ? `${url.pathname}${url.search}` : "/";
}
