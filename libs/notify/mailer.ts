import { createTransport } from "nodemailer";
import { hash32 } from "#core/hash.ts";
import type { Message } from "./compose.ts";
import { DeliveryError } from "./delivery-error.ts";

export interface MailerOptions {
  /** smtp://user:password@host:587 or smtps://…; nodemailer's options may follow as a query. */
  url: string;
  /** The sender: "Windlass <windlass@example.org>". */
  from: string;
}

export interface Letter extends Message {
  to: readonly string[];
  cc: readonly string[];
}

export interface Mailer {
  /** @throws DeliveryError */
  send(letter: Letter): Promise<void>;
  close(): void;
}

const STEP_TIMEOUT_MS = 15_000;

/** Sends mail through one SMTP server, over connections that are kept. A repeated letter has the same Message-ID: mailboxes show it once. */
export function openMailer({ url, from }: MailerOptions): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: STEP_TIMEOUT_MS,
    greetingTimeout: STEP_TIMEOUT_MS,
    socketTimeout: STEP_TIMEOUT_MS,
    // Nothing of a DAG file may make the mailer read files or fetch addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? "windlass.invalid";
  return {
    async send({ id, subject, text, to, cc }) {
      try {
        await transport.sendMail({
          from,
          to: [...to],
          cc: [...cc],
          subject,
          text,
          messageId: `<${hash32(id, 40)}@${domain}>`,
          headers: { "Auto-Submitted": "auto-generated", "X-Windlass-Notice": id },
        });
      } catch (error) {
        throw asDeliveryError(error);
      }
    },
    close: () => transport.close(),
  };
}

/** SMTP's own 5xx is for good; everything else may pass. The server's words may quote addresses, never a password. */
function asDeliveryError(error: unknown): DeliveryError {
  const { responseCode, code, response, message } = error as {
    responseCode?: number;
    code?: string;
    response?: string;
    message: string;
  };
  const permanent = responseCode !== undefined && responseCode >= 500 && code !== "EAUTH";
  return new DeliveryError(`the mail server refused it: ${response ?? code ?? message}`, { permanent, cause: error });
}
