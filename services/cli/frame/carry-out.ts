import { WindlassError } from "#core/errors.ts";
import type { AnyRoute } from "../../dashboard/http/route.ts";
import type { ApiClient, CallParts, ReplyOf } from "../client/api-client.ts";
import type { Context } from "./context.ts";
import { flag } from "./option.ts";

/** Of every command that changes something. */
export const DRY_RUN = { dryRun: flag("--dry-run", "say what would be sent, and send nothing") } as const;

/** Of commands that take something away or stop it: they ask before. */
export const ACT_OPTIONS = { ...DRY_RUN, yes: flag("-y, --yes", "do not ask") } as const;

interface ActOptions {
  dryRun?: boolean;
  yes?: boolean;
  /** What is asked on a terminal before it is done. Absent: nothing. */
  question?: string;
}

/** Sends the request; with --dry-run only shows it. @returns undefined for a dry run */
export async function carryOut<Route extends AnyRoute>(
  context: Context,
  api: ApiClient,
  route: Route,
  parts: CallParts<Route>,
  { dryRun = false, yes = false, question }: ActOptions,
): Promise<ReplyOf<Route> | undefined> {
  if (dryRun) {
    const request = api.describe(route, parts);
    const body = request.body === undefined ? [] : [JSON.stringify(request.body, undefined, 2)];
    const lines = [`${request.method} ${request.url}`, ...body];
    await context.show({ data: request, rows: [request], columns: [], name: row => `${row.method} ${row.url}`, lines });
    return undefined;
  }
  if (question !== undefined && !yes) await confirm(context, question);
  return api.call(route, parts);
}

/** @throws WL_CLI_DECLINED where nobody can answer, or the answer is no */
export async function confirm({ io }: Context, question: string): Promise<void> {
  if (!io.canAsk) throw new WindlassError("WL_CLI_DECLINED", `${question} Nobody is there to say yes`);
  const answer = await io.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new WindlassError("WL_CLI_DECLINED", "nothing was done");
}
