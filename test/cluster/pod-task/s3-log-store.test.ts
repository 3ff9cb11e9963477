import assert from "node:assert/strict";
import { openS3LogStore } from "#logstore/s3/s3-log-store.ts";
import { logStoreContract } from "../../contract/logstore/log-store-contract.ts";
import { type RealS3Server, startRealS3Server } from "../../support/real-s3-server.ts";

describe("a real S3 server as a log store", () => {
  let server: RealS3Server;
  before(async function () {
    this.timeout(600_000); // Go builds the server the first time
    server = await startRealS3Server();
  });
  after(() => server.close());

  logStoreContract("a real S3 server", options => openS3LogStore({ ...server.options, ...options }));

  it("refuses a wrong secret, and the reason reaches the person", async () => {
    const store = openS3LogStore({ ...server.options, secretAccessKey: "wrong" });
    await assert.rejects(store.openWriter({ runId: "a~1", taskId: "t", try: 1 }), /403 .*SignatureDoesNotMatch/);
  });
});
