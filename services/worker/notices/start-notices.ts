import { openNotifier } from "#notify/notifier.ts";
import { openNoticeWorker } from "#queue/notice-queue.ts";
import { readNamed } from "#runtime/config.ts";
import type { Logger } from "#runtime/logger.ts";
import type { Redis } from "#state/redis.ts";
import type { State } from "#state/state.ts";
import type { WorkerConfig } from "../config.ts";
import { variableFallback } from "../variable-fallback.ts";
import { deliverNotice } from "./deliver-notice.ts";
import { renderNotice } from "./render-notice.ts";

/** How long a leaving worker goes on with notices under way; other workers send those that it breaks off. */
const NOTICE_GRACE_MS = 2_000;

interface NoticeParts {
  state: State;
  connection: Redis;
  workerName: string;
  now(): number;
  log: Logger;
}

/** Begins to send notices, unless the site leaves that to other workers. */
export function startNotices(
  config: WorkerConfig,
  { state, connection, workerName, now, log }: NoticeParts,
): { close(): Promise<void> } {
  if (config.WINDLASS_NOTICES === "off") return { close: async () => undefined };
  const notifier = openNotifier({
    smtpUrl: config.WINDLASS_SMTP_URL,
    mailFrom: config.WINDLASS_MAIL_FROM,
    webhookSecret: name => readNamed(`WINDLASS_WEBHOOK_SECRET_${name}`),
    slackUrl: account => readNamed(account === undefined ? "WINDLASS_SLACK_URL" : `WINDLASS_SLACK_URL_${account}`),
    now,
  });
  const { runs, dags, marks } = state;
  const deliver = deliverNotice({
    runs,
    dags,
    marks,
    baseUrl: config.WINDLASS_BASE_URL,
    notifier,
    rendered: order => renderNotice(order, { runs, dags, scopes: state.scopes, fallback: variableFallback }),
    now,
    log,
  });
  const worker = openNoticeWorker({
    connection,
    prefix: config.WINDLASS_PREFIX,
    workerName,
    deliver,
    lockDurationMs: config.WINDLASS_LOCK_MS,
    stalledIntervalMs: config.WINDLASS_STALLED_MS,
    onError: (err, id) => log.warn({ event: "notice.failed", id, err }),
  });
  void worker.run().catch(err => log.warn({ event: "notices.notStarted", err }));
  return {
    async close() {
      await worker.close(NOTICE_GRACE_MS);
      notifier.close();
    },
  };
}
