import { z } from "zod";

/**
 * A word to people or programs outside. Texts may hold `{{ … }}`. Passwords and keys are never here: `account` and `secret` name what
 * the workers are configured with.
 */
export const Notice = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("email"),
    /** Addresses. */
    to: z.array(z.string().min(3)).min(1),
    /** More of them. */
    cc: z.array(z.string().min(3)).optional(),
    /** The e-mail's subject. Default: what happened. */
    subject: z.string().optional(),
    /** What it says. Default: what happened, why, and a link. */
    text: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal("webhook"),
    /** Where it is posted to. May be `{{ … }}`, which is checked when it is sent. */
    url: z.string().regex(/^(https?:\/\/|\{\{)/),
    /** Name of the key that signs the body (WINDLASS_WEBHOOK_SECRET_<name> of the workers); absent: unsigned. */
    secret: z.string().optional(),
    /** More headers of the request. */
    headers: z.record(z.string(), z.string()).optional(),
  }),
  z.strictObject({
    kind: z.literal("slack"),
    /** Name of the workers' WINDLASS_SLACK_URL_<name>; absent: WINDLASS_SLACK_URL. */
    account: z.string().optional(),
    /** Where it is shown. Default: the webhook's own. */
    channel: z.string().optional(),
    /** What it says. Default: what happened, why, and a link. */
    text: z.string().optional(),
  }),
]);
export type Notice = z.infer<typeof Notice>;

export const NOTICE_MOMENTS = ["onSuccess", "onFailure", "onRetry", "onSkipped", "onDeadline"] as const;
export type NoticeMoment = (typeof NOTICE_MOMENTS)[number];

/** Whom to tell when. */
export const Notices = z.partialRecord(z.enum(NOTICE_MOMENTS), z.array(Notice).min(1));
export type Notices = z.infer<typeof Notices>;

/** A moment by which a run should have ended. `afterMs` may be negative for "logical" and "date". */
export const Deadline = z.strictObject({
  from: z.union([z.enum(["queued", "logical"]), z.number().int()]),
  afterMs: z.number().int(),
  notices: z.array(Notice).min(1),
});
export type Deadline = z.infer<typeof Deadline>;
