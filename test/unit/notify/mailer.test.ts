import assert from "node:assert/strict";
import type { DeliveryError } from "#notify/delivery-error.ts";
import { type Letter, type Mailer, openMailer } from "#notify/mailer.ts";
import { type MailServer, openMailServer } from "../../support/mail-server.ts";

const LETTER: Letter = {
  id: "etl~1~a~1~onFailure~0",
  subject: "[Windlass] etl / ä",
  text: "line\n",
  payload: {},
  to: ["a@example.org"],
  cc: [],
};

describe("the mailer", () => {
  let server: MailServer;
  let mailer: Mailer;
  before(async () => {
    server = await openMailServer();
    mailer = openMailer({ url: server.url, from: "Windlass <windlass@example.org>" });
  });
  after(async () => {
    mailer.close();
    await server.close();
  });

  it("sends the same Message-ID for the same notice, so that mailboxes show it once", async () => {
    await mailer.send(LETTER);
    await mailer.send(LETTER);
    await mailer.send({ ...LETTER, id: "another" });
    const ids = server.letters.map(({ headers }) => headers["message-id"]);
    assert.deepEqual([ids.length, ids[0] === ids[1], ids[0] === ids[2]], [3, true, false]);
    assert.equal(server.letters[0]!.headers["auto-submitted"], "auto-generated");
  });

  it("a server that says later: not for good", async () => {
    server.refuseNext = 1;
    await assert.rejects(
      mailer.send(LETTER),
      (error: DeliveryError) => !error.permanent && /come back later/.test(error.message),
    );
  });

  it("nobody there: not for good, and no word of the login", async () => {
    const away = openMailer({ url: "smtp://user:s3cret@127.0.0.1:1", from: "a@example.org" });
    await assert.rejects(away.send(LETTER), (error: DeliveryError) => !error.permanent && !/s3cret/.test(error.message));
    away.close();
  });
});
