import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { BufferedLogWriter } from "../buffered-log-writer.ts";
import { followView } from "../follow-view.ts";
import { lastLines } from "../last-lines.ts";
import { logPaths, parseLogName, runDir, taskDir } from "../log-path.ts";
import { byTry, type LogInfo, type LogRef, type LogStore } from "../log-store.ts";
import { type LogView, readView, sizeOf, wholeLinesEnd } from "../log-view.ts";
import { STORE_DEFAULTS, type StoreSettings } from "../store-settings.ts";
import { openS3Bucket, type S3Bucket, type S3Object, type S3Options } from "./s3-bucket.ts";
import { layoutOf, nextWriterId, objectName } from "./s3-layout.ts";
import { S3LogSink } from "./s3-log-sink.ts";

export interface S3LogStoreOptions extends S3Options, StoreSettings {
  /** Folder of the bucket. Default "windlass-logs". */
  prefix?: string;
}

const FLUSH_AFTER_MS = 3_000;
const FLUSH_AT_BYTES = 1024 * 1024;
/** With the writer's 3 s: what a container printed is readable within 5 s. */
const LOOK_EVERY_MS = 1_000;

/** Logs as objects of an S3-compatible bucket: any number of workers and dashboards, no shared volume. */
export function openS3LogStore(options: S3LogStoreOptions): LogStore {
  const { prefix = "windlass-logs", maxBytes, onError, now } = { ...STORE_DEFAULTS, ...options };
  const bucket = openS3Bucket(options);
  const folderOf = (ref: LogRef): string => `${logPaths(prefix, ref).log.replace(/\.log$/, "")}/`;

  return {
    async openWriter(ref) {
      const folder = folderOf(ref);
      const objects = await bucket.list(folder);
      const view = viewOf(objects, bucket);
      // A crash may have left half a line: this writer begins before it, and the cluster sends it again.
      const end = await wholeLinesEnd(view);
      const writer = nextWriterId(layoutOf(objects).writer, randomBytes(3).toString("hex"));
      await bucket.write(folder + objectName.writer(writer, end), Buffer.from(`${JSON.stringify({ at: now() })}\n`));
      const chunks = layoutOf(objects).chunks;
      const sink = new S3LogSink({ bucket, folder, writer, chunks, maxBytes, now });
      return new BufferedLogWriter({
        sink,
        sizeBytes: end,
        lastLines: lastLines(view, end),
        flushAfterMs: FLUSH_AFTER_MS,
        flushAtBytes: FLUSH_AT_BYTES,
        onError,
      });
    },

    async read(ref, how) {
      const objects = await bucket.list(folderOf(ref));
      return objects.length === 0 ? undefined : readView(viewOf(objects, bucket), how);
    },

    follow(ref, fromByte, signal) {
      const folder = folderOf(ref);
      const look = async (): Promise<LogView | undefined> => {
        const objects = await bucket.list(folder);
        return objects.length === 0 ? undefined : viewOf(objects, bucket);
      };
      // An abort ends the wait, and the follower with it.
      const changed = () => sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      return followView({ look, changed, fromByte, signal });
    },

    async list(runId, taskId) {
      const folder = `${taskDir(prefix, runId, taskId)}/`;
      const logs = Map.groupBy(await bucket.list(folder), ({ key }) => key.slice(folder.length).split("/", 1)[0]!);
      const infos = [...logs].map(([name, objects]): LogInfo | undefined => {
        const found = parseLogName(`${name}.log`);
        const view = viewOf(objects, bucket);
        return found && { ...found, sizeBytes: sizeOf(view), ended: view.ended };
      });
      return infos.filter(info => info !== undefined).sort(byTry);
    },

    async remove(runId) {
      const objects = await bucket.list(`${runDir(prefix, runId)}/`);
      await bucket.remove(objects.map(({ key }) => key));
    },
  };
}

function viewOf(objects: readonly S3Object[], bucket: S3Bucket): LogView {
  const { chunks, ended } = layoutOf(objects);
  const segments = chunks.map(({ key, startByte, fromByte, toByte }) => ({
    fromByte,
    toByte,
    read: async (from: number, to: number) => {
      const text = await bucket.read(key, from - startByte, to - startByte);
      return text && [text];
    },
  }));
  return { segments, ended };
}
