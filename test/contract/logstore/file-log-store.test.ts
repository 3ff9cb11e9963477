import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileLogStore } from "#logstore/file-log-store.ts";
import type { LogRef } from "#logstore/log-store.ts";
import { logStoreContract } from "./log-store-contract.ts";

const fresh = (): string => mkdtempSync(join(tmpdir(), "windlass-logs-"));

describe("files as a log store", () => {
  const shared = fresh();
  after(() => rmSync(shared, { recursive: true }));
  logStoreContract("files", options => openFileLogStore({ dir: shared, ...options }));

  describe("on disk", () => {
    let dir = "";
    const ref: LogRef = { runId: "etl~2026", taskId: "load", try: 2, infra: 1 };
    beforeEach(() => {
      dir = fresh();
    });
    afterEach(() => rmSync(dir, { recursive: true }));

    const path = (): string => join(dir, "etl", "2026", "load", "2.1.main.log");

    it("is a plain text file under dag, run and task, with nothing left beside it but its state", async () => {
      const writer = await openFileLogStore({ dir }).openWriter(ref);
      writer.write({ ts: "2026-11-24T20:00:00.123456789Z", text: "hello" });
      await writer.close();
      assert.equal(readFileSync(path(), "utf8"), "2026-11-24T20:00:00.123456789Z hello\n");
      assert.deepEqual(readdirSync(join(dir, "etl", "2026", "load")), ["2.1.main.log", "2.1.main.state"]);
    });

    it("drops the half line of a crash when it is resumed, and shows it to no follower", async () => {
      const store = openFileLogStore({ dir });
      const crashed = await store.openWriter(ref);
      crashed.write({ ts: "2026-11-24T20:00:00.000000001Z", text: "whole" });
      await crashed.flush();
      appendFileSync(path(), "2026-11-24T20:00:00.000000002Z ha");

      const chunks = store.follow(ref, 0, new AbortController().signal)[Symbol.asyncIterator]();
      assert.equal((await chunks.next()).value?.data.toString(), "2026-11-24T20:00:00.000000001Z whole\n");
      const next = chunks.next();
      const resumed = await store.openWriter(ref);
      resumed.write({ ts: "2026-11-24T20:00:00.000000002Z", text: "half no more" });
      await resumed.close();
      assert.equal((await next).value?.data.toString(), "2026-11-24T20:00:00.000000002Z half no more\n");
      assert.equal((await chunks.next()).done, true);
      await crashed.close();
    });

    it("goes on in further files when it is long, of which the middle ones are deleted", async () => {
      const store = openFileLogStore({ dir, maxBytes: 1_000 });
      const writer = await store.openWriter(ref);
      for (let index = 0; index < 100; index++) {
        writer.write({ text: `line ${index} of many` });
        await writer.flush();
      }
      await writer.close();
      const names = readdirSync(join(dir, "etl", "2026", "load")).filter(name => name.includes(".log"));
      assert.equal(names.length, 9);
      assert.match(readFileSync(path(), "utf8"), /^- line 0 of many\n/);
    });
  });
});
