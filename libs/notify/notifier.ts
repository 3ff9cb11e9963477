import type { Notice } from "#core/notice.ts";
import type { Message } from "./compose.ts";
import { DeliveryError } from "./delivery-error.ts";
import { type Mailer, openMailer } from "./mailer.ts";
import { postJson } from "./post-json.ts";
import { signBody } from "./sign-body.ts";

export interface NotifierOptions {
  /** SMTP server; absent: this installation sends no mail. */
  smtpUrl?: string | undefined;
  mailFrom?: string | undefined;
  /** The key of that name that signs webhooks; undefined: there is none. */
  webhookSecret(name: string): string | undefined;
  /** The incoming webhook of that Slack account, or of the only one. */
  slackUrl(account: string | undefined): string | undefined;
  now(): number;
}

/** Sends notices to people and programs. */
export interface Notifier {
  /**
   * Sends one notice once; its `id` tells receivers of a repetition.
   * @throws DeliveryError
   */
  deliver(notice: Notice, message: Message, signal: AbortSignal): Promise<void>;
  close(): void;
}

type Deliver<K extends Notice["kind"]> = (
  notice: Extract<Notice, { kind: K }>,
  message: Message,
  signal: AbortSignal,
) => Promise<void>;

export function openNotifier(options: NotifierOptions): Notifier {
  const { smtpUrl, mailFrom = "Windlass <windlass@localhost>", webhookSecret, slackUrl, now } = options;
  let mailer: Mailer | undefined;

  const kinds: { readonly [K in Notice["kind"]]: Deliver<K> } = {
    async email({ to, cc = [], subject, text }, message) {
      if (smtpUrl === undefined) throw missing("no mail server is configured (WINDLASS_SMTP_URL)");
      mailer ??= openMailer({ url: smtpUrl, from: mailFrom });
      await mailer.send({ ...message, subject: subject ?? message.subject, text: text ?? message.text, to, cc });
    },

    async webhook({ url, secret, headers = {} }, message, signal) {
      const key = secret === undefined ? undefined : webhookSecret(secret);
      if (secret !== undefined && key === undefined)
        throw missing(`no webhook key is configured (WINDLASS_WEBHOOK_SECRET_${secret})`);
      const body = JSON.stringify(message.payload);
      await postJson("the webhook", url, body, { ...headers, ...signBody(message.id, now(), body, key) }, signal);
    },

    async slack({ account, channel, text }, message, signal) {
      const url = slackUrl(account);
      if (url === undefined)
        throw missing(`no Slack webhook is configured (WINDLASS_SLACK_URL${account === undefined ? "" : `_${account}`})`);
      const body = JSON.stringify({ text: text ?? message.text, ...(channel === undefined ? {} : { channel }) });
      await postJson("Slack", url, body, { "idempotency-key": message.id }, signal);
    },
  };

  return {
    deliver: (notice, message, signal) => kinds[notice.kind](notice as never, message, signal),
    close: () => mailer?.close(),
  };
}

/** Somebody may still supply it: the notice is tried again. */
const missing = (what: string): DeliveryError => new DeliveryError(what);
