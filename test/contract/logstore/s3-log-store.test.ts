import assert from "node:assert/strict";
import { openS3LogStore } from "#logstore/s3/s3-log-store.ts";
import { type S3Server, startS3Server } from "../../support/s3-server.ts";
import { logStoreContract } from "./log-store-contract.ts";

describe("S3 as a log store", () => {
  let server: S3Server;
  before(async () => {
    server = await startS3Server();
  });
  after(() => server.close());
  logStoreContract("S3", options => openS3LogStore({ ...server.options, ...options }));

  it("needs few objects for a slow log, and repeats what the server refuses for a while", async () => {
    const s3 = await startS3Server();
    await using _s3 = { [Symbol.asyncDispose]: () => s3.close() };
    const writer = await openS3LogStore(s3.options).openWriter({ runId: "slow~1", taskId: "t", try: 1 });
    s3.fail("PUT", 503, 2);
    for (let index = 0; index < 100; index++) {
      writer.write({ text: `line ${index}` });
      await writer.flush();
    }
    await writer.close();
    assert.deepEqual(
      [...s3.objects.keys()].map(key => key.replace(/^.*\//, "").slice(0, 1)).sort(),
      ["c", "e", "w"],
      "one chunk, one writer, one end",
    );
  });

  it("keeps the lines of a flush that failed, and tells of it", async () => {
    const s3 = await startS3Server();
    await using _s3 = { [Symbol.asyncDispose]: () => s3.close() };
    const store = openS3LogStore(s3.options);
    const writer = await store.openWriter({ runId: "away~1", taskId: "t", try: 1 });
    s3.fail("PUT", 503, 3);
    writer.write({ text: "kept" });
    await assert.rejects(writer.flush(), /503 SlowDown/);
    writer.write({ text: "and this" });
    await writer.close();
    const reading = await store.read({ runId: "away~1", taskId: "t", try: 1 });
    assert.equal(Buffer.concat(await Array.fromAsync(reading!.chunks)).toString(), "- kept\n- and this\n");
  });

  it("names the refusal of wrong credentials", async () => {
    const store = openS3LogStore({ ...server.options, accessKeyId: "wrong" });
    await assert.rejects(store.openWriter({ runId: "a~1", taskId: "t", try: 1 }), /403 AccessDenied/);
  });
});
