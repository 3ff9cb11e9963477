import { z } from "zod";
import { NOTICE_MOMENTS, Notice, type NoticeMoment, type Notices } from "#core/notice.ts";

/** One notice or several. */
export const NoticeList = z.union([Notice, z.array(Notice).min(1)], {
  error: "notify.email(…), notify.webhook(…), notify.slack(…), or a list of them",
});

const Address = z.union([z.string().min(3), z.array(z.string().min(3)).min(1)], {
  error: 'an address such as "data@example.org", or a list of them',
});

/** Whom a task tells. */
export const taskNotices = {
  /** Whom to tell when the task has succeeded. */
  onSuccess: NoticeList.optional(),
  /** Whom to tell when the task has failed, its tries used up. */
  onFailure: NoticeList.optional(),
  /** Whom to tell when a try has failed and another one follows. */
  onRetry: NoticeList.optional(),
  /** Whom to tell when the task is skipped. */
  onSkipped: NoticeList.optional(),
  /** Addresses that an e-mail goes to, see emailOnFailure and emailOnRetry. */
  email: Address.optional(),
  /** Whether `email` is told of failures. Default: true. */
  emailOnFailure: z.boolean().optional(),
  /** Whether `email` is told of tries that failed and are repeated. Default: true. */
  emailOnRetry: z.boolean().optional(),
};

/** Whom a DAG tells about its runs. */
export const runNotices = {
  /** Whom to tell when a run has succeeded. */
  onSuccess: NoticeList.optional(),
  /** Whom to tell when a run has failed. */
  onFailure: NoticeList.optional(),
  /** Whom to tell when a run has missed one of its deadlines, besides those whom the deadline names. */
  onDeadline: NoticeList.optional(),
};

type NoticeOptions = Partial<Record<NoticeMoment, z.output<typeof NoticeList> | undefined>> & {
  email?: string | string[] | undefined;
  emailOnFailure?: boolean | undefined;
  emailOnRetry?: boolean | undefined;
};

/** The notices as the spec holds them; undefined when there are none. */
export function noticesOf({ email, emailOnFailure = true, emailOnRetry = true, ...told }: NoticeOptions): Notices | undefined {
  const mail: Notice[] = email === undefined ? [] : [{ kind: "email", to: [email].flat() }];
  const besides = { onFailure: emailOnFailure ? mail : [], onRetry: emailOnRetry ? mail : [] };
  const notices: Notices = {};
  for (const moment of NOTICE_MOMENTS) {
    const list = [told[moment] ?? [], (besides as Partial<Record<NoticeMoment, Notice[]>>)[moment] ?? []].flat();
    if (list.length > 0) notices[moment] = list;
  }
  return Object.keys(notices).length > 0 ? notices : undefined;
}
