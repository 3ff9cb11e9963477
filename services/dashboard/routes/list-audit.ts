import { AuditListQuery, AuditListReply } from "#contract/audit.ts";
import { toInstant } from "#contract/instant.ts";
import { cursorOf, placeOf } from "../http/cursor.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";

export const listAudit = defineRoute({
  method: "get",
  path: "/api/v1/audit",
  role: "admin",
  summary:
    "Who asked for what, newest first: every write, also one that was refused, and every login. A page with conditions may be short, and have a next one all the same.",
  params: NOTHING,
  query: AuditListQuery,
  body: NO_BODY,
  reply: AuditListReply,
  async handle({ query: { cursor, ...query }, pageAfter }, { audit }) {
    const before = cursor === undefined ? undefined : placeOf(cursor, isEntryId);
    const { entries, next } = await audit.list({ ...query, before });
    return {
      body: {
        entries: entries.map(entry => ({ ...entry, at: toInstant(entry.at) })),
        links: pageAfter(next && cursorOf(next)),
      },
    };
  },
});

const isEntryId = (place: unknown): place is string => typeof place === "string" && /^\d{1,15}-\d{1,15}$/.test(place);
