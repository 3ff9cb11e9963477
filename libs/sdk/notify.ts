import type { Notice } from "#core/notice.ts";
import { written } from "./written.ts";

type Kind<K extends Notice["kind"]> = Omit<Extract<Notice, { kind: K }>, "kind">;

/**
 * Words to people and programs outside, for onFailure and its like. Texts may hold references; passwords and addresses with keys in them stay
 * with the workers, which are told their names only.
 *
 *     onFailure: notify.slack({ channel: "#data", text: text`${run.id} has failed` })
 *     onSuccess: [notify.email({ to: "data@example.org" }), notify.webhook("https://hooks.example.org/done", { secret: "hooks" })]
 */
export const notify = {
  /** An e-mail. Subject and text default to what happened, why, and a link. */
  email: ({ to, cc, ...rest }: Omit<Kind<"email">, "to" | "cc"> & { to: string | string[]; cc?: string | string[] }): Notice =>
    written({ kind: "email", ...rest, to: listOf(to), ...(cc === undefined ? {} : { cc: listOf(cc) }) }),

  /** An HTTP POST with a JSON body, signed with the workers' key WINDLASS_WEBHOOK_SECRET_<secret>, repeated until it is taken. */
  webhook: (url: string, options: Omit<Kind<"webhook">, "url"> = {}): Notice => written({ kind: "webhook", url, ...options }),

  /** A message to the Slack webhook that the workers know as WINDLASS_SLACK_URL_<account>, or WINDLASS_SLACK_URL. */
  slack: (options: Kind<"slack"> = {}): Notice => written({ kind: "slack", ...options }),
} as const;

const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);
