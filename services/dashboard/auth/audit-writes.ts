import type { Request, RequestHandler } from "express";
import type { Logger } from "#runtime/logger.ts";
import type { AuditStore } from "#state/audit-store.ts";
import { requestIdOf } from "../http/request-id.ts";
import { identityOf } from "./identity.ts";
import { isRead } from "./refuse-foreign-writes.ts";

/** What a handler knows of a write beyond its path. */
export interface Change {
  /** "board.retry", "login". Default: method and pattern of the route. */
  what?: string;
  /** Who, where the credentials do not say it yet. */
  who?: string;
  before?: unknown;
  after?: unknown;
}

const changes = new WeakMap<Request, Change>();

/** Adds to what the audit will say of the request. */
export const noteChange = (request: Request, change: Change): void =>
  void changes.set(request, { ...changes.get(request), ...change });

/**
 * Writes every write into the audit when it is answered, also one that was refused. Not what a stranger sends: it could push everything
 * else out of the audit; only logins, whose number is limited, are noted of strangers.
 */
export function auditWrites(audit: AuditStore, { log, now }: { log: Logger; now(): number }): RequestHandler {
  return (request, response, next) => {
    response.once("close", () => {
      const change = changes.get(request) ?? {};
      // A login at an identity provider ends with a GET.
      if (isRead(request) && change.what === undefined) return;
      const who = change.who ?? identityOf(request)?.name;
      const what = change.what ?? patternOf(request);
      const { statusCode: status } = response;
      if (who === undefined || status === 429) return;
      const entry = {
        at: now(),
        who,
        from: request.ip ?? "",
        what,
        target: request.originalUrl.split("?", 1)[0]!,
        status,
        ...brief("before", change.before),
        ...brief("after", change.after),
        requestId: requestIdOf(request),
      };
      audit.note(entry).catch(err => log.error({ event: "audit.lost", entry, err }, "a write is not in the audit"));
    });
    next();
  };
}

/** A request that came to no route is there by its method alone. */
const patternOf = ({ method, route }: Request): string => (typeof route?.path === "string" ? `${method} ${route.path}` : method);

const MAX_CHARS = 4_000;
const SECRET = /password|secret|token/i;

/** The value without what is secret, cut where it is long. */
function brief(field: "before" | "after", value: unknown): Record<string, unknown> {
  if (value === undefined) return {};
  const text = JSON.stringify(value, (key, inner: unknown) => (SECRET.test(key) && typeof inner === "string" ? "***" : inner));
  if (text === undefined || text === "{}") return {};
  return { [field]: text.length <= MAX_CHARS ? JSON.parse(text) : `${text.slice(0, MAX_CHARS)}…` };
}
