import assert from "node:assert/strict";
import type { LogLine } from "#logstore/log-line.ts";
import type { LogChunk, LogRef, LogStore, LogWriter } from "#logstore/log-store.ts";

/** What each LogStore must show, whatever it keeps logs in. `open` gives another process's view of the same logs when called again. */
export function logStoreContract(name: string, open: (options?: { maxBytes?: number }) => LogStore): void {
  describe(`contract: LogStore (${name})`, () => {
    const never = new AbortController().signal;
    const ref = (runId: string, change: Partial<LogRef> = {}): LogRef => ({ runId, taskId: "load", try: 1, ...change });
    const stamp = (ms: number): string => `${new Date(1_800_000_000_000 + ms).toISOString().slice(0, -1)}456789Z`;
    const line = (ms: number, text: string): LogLine => ({ ts: stamp(ms), text });

    const textOf = async (store: LogStore, of: LogRef, how?: Parameters<LogStore["read"]>[1]): Promise<string | undefined> => {
      const reading = await store.read(of, how);
      return reading === undefined ? undefined : Buffer.concat(await Array.fromAsync(reading.chunks)).toString();
    };
    const writeAll = async (writer: LogWriter, lines: readonly LogLine[]): Promise<void> => {
      for (const one of lines) if (!writer.write(one)) await writer.flush();
      await writer.flush();
    };
    const followText = async (chunks: AsyncIterable<LogChunk>): Promise<string> => {
      const all = await Array.fromAsync(chunks);
      return Buffer.concat(all.map(chunk => chunk.data)).toString();
    };

    it("gives back what was written, as stamped plain text lines", async () => {
      const store = open();
      const writer = await store.openWriter(ref("a~1"));
      writer.write(line(0, "hello"));
      writer.write(line(1, ""));
      writer.write({ text: "no stamp" });
      writer.write(line(2, "grüße 🎉"));
      writer.write(line(3, "two\nlines"));
      await writer.close();
      const expected = `${stamp(0)} hello\n${stamp(1)} \n- no stamp\n${stamp(2)} grüße 🎉\n${stamp(3)} two\n${stamp(3)} lines\n`;
      assert.equal(await textOf(open(), ref("a~1")), expected);
    });

    it("knows no log that was never written", async () => {
      assert.equal(await open().read(ref("nothing~1")), undefined);
      assert.deepEqual(await open().list("nothing~1", "load"), []);
    });

    it("reads from a byte and the last lines", async () => {
      const store = open();
      const writer = await store.openWriter(ref("b~1"));
      await writeAll(writer, [line(0, "one"), line(1, "two"), line(2, "three")]);
      await writer.close();
      const whole = (await textOf(store, ref("b~1"))) ?? "";
      const table: [Parameters<LogStore["read"]>[1], string][] = [
        [{ fromByte: 0 }, whole],
        [{ fromByte: 10 }, whole.slice(10)],
        [{ fromByte: whole.length }, ""],
        [{ fromByte: whole.length + 99 }, ""],
        [{ tailLines: 0 }, ""],
        [{ tailLines: 1 }, `${stamp(2)} three\n`],
        [{ tailLines: 2 }, `${stamp(1)} two\n${stamp(2)} three\n`],
        [{ tailLines: 3 }, whole],
        [{ tailLines: 99 }, whole],
      ];
      for (const [how, expected] of table) assert.equal(await textOf(store, ref("b~1"), how), expected, JSON.stringify(how));
    });

    it("finds the last lines of a long log", async () => {
      const store = open();
      const writer = await store.openWriter(ref("long~1"));
      const lines = Array.from({ length: 5_000 }, (_, index) => line(index, `${index} ${"x".repeat(index % 97)}`));
      await writeAll(writer, lines);
      await writer.close();
      const tail = await textOf(store, ref("long~1"), { tailLines: 3_000 });
      assert.equal(
        tail,
        lines
          .slice(-3_000)
          .map(one => `${one.ts} ${one.text}\n`)
          .join(""),
      );
    });

    it("keeps containers, tries, infra restarts, tasks and runs apart, also under ids made to escape", async () => {
      const store = open();
      const refs: LogRef[] = [
        ref("c~1"),
        ref("c~1", { try: 2 }),
        ref("c~1", { infra: 1 }),
        ref("c~1", { container: "sidecar" }),
        ref("c~1", { taskId: ".." }),
        ref("c~1", { taskId: "." }),
        ref("c~1", { taskId: ".hidden" }),
        ref("..~.."),
        ref("c~../../../../etc"),
        ref("c~1~load"),
        ref("c~1/load"),
        ref("c"),
        ref(`${"d".repeat(200)}~${"s".repeat(200)}`),
        ref(`${"d".repeat(200)}~${"/".repeat(199)}a`),
        ref(`${"d".repeat(200)}~${"/".repeat(199)}b`),
      ];
      for (const [index, one] of refs.entries()) {
        const writer = await store.openWriter(one);
        writer.write({ text: `log ${index}` });
        await writer.close();
      }
      for (const [index, one] of refs.entries()) assert.equal(await textOf(store, one), `- log ${index}\n`, JSON.stringify(one));
      assert.deepEqual(
        (await store.list("c~1", "load")).map(info => [info.try, info.infra, info.container, info.ended]),
        [
          [1, 0, "main", true],
          [1, 0, "sidecar", true],
          [1, 1, "main", true],
          [2, 0, "main", true],
        ],
      );
    });

    it("follows lines as they come, and ends after the writer's close", async () => {
      const writer = await open().openWriter(ref("f~1"));
      await writeAll(writer, [line(0, "early")]);
      const chunks = open().follow(ref("f~1"), 0, never)[Symbol.asyncIterator]();
      const first = await chunks.next();
      assert.equal(first.value?.data.toString(), `${stamp(0)} early\n`);
      const second = chunks.next();
      writer.write(line(1, "late"));
      assert.deepEqual((await second).value, {
        fromByte: first.value?.toByte,
        toByte: first.value!.toByte + `${stamp(1)} late\n`.length,
        data: Buffer.from(`${stamp(1)} late\n`),
      });
      const end = chunks.next();
      await writer.close();
      assert.equal((await end).done, true);
    });

    it("follows a log that is not there yet", async () => {
      const text = followText(open().follow(ref("later~1"), 0, never));
      const writer = await open().openWriter(ref("later~1"));
      writer.write(line(0, "at last"));
      await writer.close();
      assert.equal(await text, `${stamp(0)} at last\n`);
    });

    it("resumes a follower at any byte without a gap or a repeat", async () => {
      const store = open();
      const writer = await store.openWriter(ref("g~1"));
      await writeAll(
        writer,
        Array.from({ length: 50 }, (_, index) => line(index, `line ${index}`)),
      );
      await writer.close();
      const whole = (await textOf(store, ref("g~1"))) ?? "";
      for (const at of [0, 1, 40, whole.length - 1, whole.length]) {
        assert.equal(await followText(store.follow(ref("g~1"), at, never)), whole.slice(at), `from byte ${at}`);
      }
    });

    it("stops following on abort, also while it waits", async () => {
      const stop = new AbortController();
      const writer = await open().openWriter(ref("h~1"));
      await writeAll(writer, [line(0, "only")]);
      const chunks = open().follow(ref("h~1"), 0, stop.signal)[Symbol.asyncIterator]();
      assert.equal((await chunks.next()).done, false);
      const waiting = chunks.next();
      stop.abort();
      assert.equal((await waiting).done, true);
      await writer.close();
    });

    it("gives a resuming writer the lines near the newest stamp, and appends behind them", async () => {
      const first = await open().openWriter(ref("r~1"));
      assert.deepEqual(await Array.fromAsync(first.lastLines), []);
      const late = [line(9_000, "a"), line(8_999, "out of order"), line(9_000, "a"), line(10_500, "b")];
      await writeAll(first, [line(0, "long ago"), ...late, { text: "kubelet speaking" }]);

      const second = await open().openWriter(ref("r~1")); // the first one crashed: it was never closed
      assert.deepEqual(await Array.fromAsync(second.lastLines), late);
      second.write(line(11_000, "c"));
      await second.close();
      const text = (await textOf(open(), ref("r~1"))) ?? "";
      assert.deepEqual(text.match(/(?<= ).+$/gm), ["long ago", "a", "out of order", "a", "b", "kubelet speaking", "c"]);
      await first.close();
    });

    it("keeps a log open for the next writer when one leaves it", async () => {
      const first = await open().openWriter(ref("leave~1"));
      first.write(line(0, "before"));
      await first.leave();
      await first.leave();
      assert.equal((await open().list("leave~1", "load"))[0]?.ended, false);
      const text = followText(open().follow(ref("leave~1"), 0, never));
      const second = await open().openWriter(ref("leave~1"));
      second.write(line(1, "after"));
      await second.close();
      assert.equal(await text, `${stamp(0)} before\n${stamp(1)} after\n`);
    });

    it("fences the writer before: its lines are not kept and it does not end the log", async () => {
      const zombie = await open().openWriter(ref("z~1"));
      await writeAll(zombie, [line(0, "mine")]);
      const successor = await open().openWriter(ref("z~1"));
      zombie.write(line(1, "too late"));
      await zombie.close();
      assert.equal(zombie.superseded.aborted, true);
      assert.equal((await open().list("z~1", "load"))[0]?.ended, false);
      await writeAll(successor, [line(2, "next")]);
      await successor.close();
      assert.equal(await textOf(open(), ref("z~1")), `${stamp(0)} mine\n${stamp(2)} next\n`);
      assert.equal((await open().list("z~1", "load"))[0]?.ended, true);
    });

    it("loses nothing of a burst, and asks for patience in between", async () => {
      const writer = await open().openWriter(ref("burst~1"));
      const text = "y".repeat(1_000);
      let slowDowns = 0;
      for (let index = 0; index < 5_000; index++) {
        if (writer.write(line(index, `${index} ${text}`))) continue;
        slowDowns++;
        await writer.flush();
      }
      await writer.close();
      assert.ok(slowDowns > 0, "5 MB without one request to wait");
      const lines = ((await textOf(open(), ref("burst~1"))) ?? "").trimEnd().split("\n");
      assert.deepEqual(
        lines.map(one => Number(one.split(" ")[1])),
        Array.from({ length: 5_000 }, (_, index) => index),
      );
    });

    it("keeps a line that comes in pieces as one, however long, and the lines around it", async () => {
      const pieces = Array.from({ length: 20 }, (_, index) => String.fromCharCode(97 + index).repeat(256 * 1024));
      const writer = await open().openWriter(ref("long-line~1"));
      await writeAll(writer, [
        line(0, "before"),
        { ...line(1, pieces[0]!), more: true },
        ...pieces.slice(1, -1).map((text): LogLine => ({ text, cont: true, more: true })),
        { text: pieces.at(-1)!, cont: true },
        line(2, "after"),
      ]);
      await writer.close();
      const whole = `${stamp(0)} before\n${stamp(1)} ${pieces.join("")}\n${stamp(2)} after\n`;
      assert.ok((await textOf(open(), ref("long-line~1"))) === whole, "a 5 MiB line comes out as it was");
      assert.ok((await followText(open().follow(ref("long-line~1"), 0, never))) === whole);
      assert.equal(await textOf(open(), ref("long-line~1"), { tailLines: 1 }), `${stamp(2)} after\n`);
    });

    it("forgets the first pieces of a line whose rest its writer did not live to see, and ends one that was never ended", async () => {
      const crashed = await open().openWriter(ref("half~1"));
      await writeAll(crashed, [line(0, "whole"), { ...line(1, "x".repeat(300_000)), more: true }]);
      const next = await open().openWriter(ref("half~1"));
      assert.deepEqual(await Array.fromAsync(next.lastLines), [line(0, "whole")]);
      await writeAll(next, [{ ...line(1, "begun"), more: true }, { text: "a gap", by: "windlass" }, line(2, "new")]);
      await next.close();
      await crashed.leave();
      assert.equal(
        await textOf(open(), ref("half~1")),
        `${stamp(0)} whole\n${stamp(1)} begun\n- windlass: a gap\n${stamp(2)} new\n`,
      );
    });

    it("gives the lines of a reading with their places, and cuts a long one between two characters", async () => {
      const store = open();
      const writer = await store.openWriter(ref("wide~1"));
      const wide = "🎉".repeat(300_000); // 1.2 MB
      await writeAll(writer, [line(0, "first"), line(1, wide), { ...line(2, "no end yet"), more: true }]);
      await writer.leave();
      const { fromByte, toByte, lines } = (await store.read(ref("wide~1")))!;
      const chunks = await Array.fromAsync(lines);
      assert.deepEqual([chunks[0]?.fromByte, chunks.at(-1)?.toByte], [fromByte, toByte]);
      for (const [index, chunk] of chunks.entries()) assert.equal(chunk.toByte, chunks[index + 1]?.fromByte ?? toByte);
      const texts = chunks.map(({ data }) => data.toString());
      assert.ok(!texts.join("").includes("\ufffd"), `half a character in one of ${chunks.length} chunks`);
      assert.equal(texts.join(""), `${stamp(0)} first\n${stamp(1)} ${wide}\n${stamp(2)} no end yet`);
    });

    it("marks what is not the container's, whatever the container prints", async () => {
      const writer = await open().openWriter(ref("marks~1"));
      await writeAll(writer, [
        line(0, "- windlass: not really"),
        { text: "failed to create fsnotify watcher", by: "kubelet" },
        { text: "Warning BackOff: again", by: "event" },
      ]);
      await writer.close();
      const expected = `${stamp(0)} - windlass: not really\n- kubelet: failed to create fsnotify watcher\n- event: Warning BackOff: again\n`;
      assert.equal(await textOf(open(), ref("marks~1")), expected);
    });

    it("keeps the head and the tail of a log that is too long, and says what is missing between them", async () => {
      const store = open({ maxBytes: 20_000 });
      const lines = Array.from({ length: 1_000 }, (_, index) => line(index, `${index} ${"z".repeat(60)}`));
      const writer = await store.openWriter(ref("cap~1"));
      for (const [index, one] of lines.entries()) {
        writer.write(one);
        if (index % 10 === 9) await writer.flush();
      }
      await writer.close();
      const all = lines.map(one => `${one.ts} ${one.text}\n`).join("");
      const [info] = await store.list("cap~1", "load");
      assert.equal(info?.sizeBytes, all.length, "positions go on counting");
      const text = (await textOf(store, ref("cap~1"))) ?? "";
      const mark = /^- windlass: (\d+) bytes are left out here: .*\n/m.exec(text);
      assert.ok(mark, "a line says what is missing");
      const [head, tail] = [text.slice(0, mark.index), text.slice(mark.index + mark[0].length)];
      assert.ok(all.startsWith(head) && head.length >= 2_000, `a head of ${head.length} bytes`);
      assert.ok(all.endsWith(tail) && tail.length >= 10_000 && tail.length <= 20_000, `a tail of ${tail.length} bytes`);
      assert.equal(head.length + Number(mark[1]) + tail.length, all.length);

      const chunks = await Array.fromAsync(store.follow(ref("cap~1"), 0, never));
      assert.equal(Buffer.concat(chunks.map(chunk => chunk.data)).toString(), text);
      const gap = chunks.find(chunk => chunk.toByte - chunk.fromByte !== chunk.data.length);
      assert.equal(await followText(store.follow(ref("cap~1"), gap!.toByte, never)), tail, "a follower resumes behind the gap");

      const resumed = await store.openWriter(ref("cap~1"));
      assert.ok((await Array.fromAsync(resumed.lastLines)).length > 0);
      resumed.write(line(2_000, "more"));
      await resumed.close();
      assert.equal(await textOf(store, ref("cap~1"), { tailLines: 1 }), `${stamp(2_000)} more\n`);
    });

    it("may be closed twice, and takes no line afterwards", async () => {
      const writer = await open().openWriter(ref("twice~1"));
      writer.write(line(0, "kept"));
      await Promise.all([writer.close(), writer.close()]);
      writer.write(line(1, "not kept"));
      await writer.close();
      assert.equal(await textOf(open(), ref("twice~1")), `${stamp(0)} kept\n`);
    });

    it("removes a run's logs and no other's", async () => {
      const store = open();
      for (const runId of ["rm~1", "rm~10"]) await (await store.openWriter(ref(runId))).close();
      await store.remove("rm~1");
      await store.remove("rm~1");
      assert.equal(await store.read(ref("rm~1")), undefined);
      assert.notEqual(await store.read(ref("rm~10")), undefined);
    });
  });
}
