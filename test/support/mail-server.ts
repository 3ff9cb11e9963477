import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

/** A letter as it arrived: its headers by lower-case name, and what follows them. */
export interface ReceivedLetter {
  to: string[];
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** An SMTP server on loopback that keeps what it gets. */
export interface MailServer {
  url: string;
  letters: ReceivedLetter[];
  /** How often a letter was refused for now, with 451. Counts down; 0: it takes them. */
  refuseNext: number;
  close(): Promise<void>;
}

export async function openMailServer(): Promise<MailServer> {
  const letters: ReceivedLetter[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    async onData(stream, session, done) {
      const source = await text(stream);
      if (mail.refuseNext > 0) {
        mail.refuseNext--;
        return done(Object.assign(new Error("come back later"), { responseCode: 451 }));
      }
      letters.push({ to: session.envelope.rcptTo.map(({ address }) => address), ...partsOf(source) });
      done();
    },
  });
  server.on("error", () => undefined);
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const mail: MailServer = {
    url: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`,
    letters,
    refuseNext: 0,
    close: () => new Promise(resolve => server.close(resolve)),
  };
  return mail;
}

function partsOf(source: string): Omit<ReceivedLetter, "to"> {
  const [head = "", ...body] = source.split("\r\n\r\n");
  const lines = head.replaceAll(/\r\n[ \t]+/g, " ").split("\r\n");
  const headers = lines.map(line => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]);
  return { headers: Object.fromEntries(headers), body: body.join("\r\n\r\n") };
}
