import { defineScript } from "./script.ts";

/** Every script of the record, with its keys and arguments in the order of its header. */
export const SCRIPTS = {
  createRun: defineScript("createRun", {
    keys: ["run", "idempotency", "runs", "runsOfDag", "live", "inbox", "history", "events"],
    args: ["runId", "version", "header", "createdAt", "forgetBefore", "bodyHash", "idempotencyTtlMs", "entry"],
  }),
  requestAct: defineScript("requestAct", {
    keys: ["run", "acts", "live", "inbox", "history"],
    args: ["runId", "actId", "act", "at", "entry"],
  }),
  noteRun: defineScript("noteRun", {
    keys: ["run", "remarks", "history", "events"],
    args: ["runId", "taskId", "note", "entry"],
  }),
  appendHistory: defineScript("appendHistory", { keys: ["run", "history"], args: ["entry"] }),
  archiveRun: defineScript("archiveRun", {
    keys: ["leader", "run", "live", "ended", "tasks", "tries", "outputs", "history", "notes", "remarks", "acts", "stops"],
    args: ["token", "runId", "rev", "historyLength", "archive"],
  }),
  restoreRun: defineScript("restoreRun", {
    keys: ["run", "ended", "tasks", "tries", "outputs", "history", "notes", "remarks"],
    args: ["runId", "endedAt", "taskCount", "tryCount", "outputCount", "noteCount", "remarkCount"],
    rest: "tasks, tries, outputs, notes, remarks, entries",
  }),
  forgetRun: defineScript("forgetRun", {
    keys: [
      "leader",
      "run",
      "live",
      "runs",
      "runsOfDag",
      "ended",
      "tasks",
      "tries",
      "outputs",
      "history",
      "notes",
      "remarks",
      "acts",
      "stops",
    ],
    args: ["token", "runId"],
  }),
  requestCancel: defineScript("requestCancel", {
    keys: ["run", "inbox", "history", "events"],
    args: ["runId", "at", "entry", "channel"],
  }),
  beginTry: defineScript("beginTry", {
    keys: ["run", "tasks", "stops", "live", "inbox", "history", "events"],
    args: ["runId", "taskId", "gen", "try", "epoch", "worker", "at", "entry"],
  }),
  finishTry: defineScript("finishTry", {
    keys: ["tasks", "tries", "outputs", "inbox", "history", "events"],
    args: ["runId", "taskId", "fence", "record", "state", "at", "tryField", "tryRecord", "output", "entry"],
  }),
  disputeTry: defineScript("disputeTry", {
    keys: ["tries", "history"],
    args: ["tryField", "later", "entry"],
  }),
  decideApproval: defineScript("decideApproval", {
    keys: ["run", "tasks", "history", "events"],
    args: ["runId", "taskId", "decision", "entry"],
  }),
  markRun: defineScript("markRun", {
    keys: ["run", "history", "outbox"],
    args: ["field", "at", "entry"],
    rest: "orders",
  }),
  noteTry: defineScript("noteTry", {
    keys: ["tasks", "notes", "events"],
    args: ["runId", "taskId", "gen", "epoch", "note"],
  }),
  acquireLease: defineScript("acquireLease", {
    keys: ["leader", "leaderEpoch"],
    args: ["id", "ttlMs"],
  }),
  renewLease: defineScript("renewLease", { keys: ["leader"], args: ["token", "ttlMs"] }),
  releaseLease: defineScript("releaseLease", { keys: ["leader"], args: ["token"] }),
  commitStep: defineScript("commitStep", {
    keys: [
      "leader",
      "run",
      "tasks",
      "tries",
      "outputs",
      "history",
      "notes",
      "remarks",
      "acts",
      "stops",
      "live",
      "ended",
      "outbox",
      "events",
    ],
    args: [
      "token",
      "runId",
      "fromRev",
      "rev",
      "state",
      "startedAt",
      "endedAt",
      "cancelAt",
      "endsAs",
      "header",
      "version",
      "at",
      "retentionMs",
      "channel",
      "changeCount",
      "orderCount",
      "actCount",
      "stopCount",
    ],
    rest: "changes, orders, acts, stops, entries",
  }),
  putVariable: defineScript("putVariable", {
    keys: ["variables", "versions", "counts"],
    args: ["name", "value", "entry", "most"],
  }),
  createFirstUser: defineScript("createFirstUser", { keys: ["users", "setupCodes"], args: ["code", "name", "user"] }),
  takeTurn: defineScript("takeTurn", { keys: ["rate"], args: ["windowMs"] }),
  cancelTask: defineScript("cancelTask", {
    keys: ["leader", "tasks", "history", "events"],
    args: ["token", "runId", "taskId", "gen", "from", "at", "entry"],
  }),
  updateAsset: defineScript("updateAsset", {
    keys: ["assets", "numbers", "updates", "count", "inbox"],
    args: ["asset", "id", "at", "update", "keep"],
  }),
  claimAssetRun: defineScript("claimAssetRun", {
    keys: ["leader", "seen", "runs"],
    args: ["token", "dagId", "from", "to", "header"],
  }),
  moveBackfill: defineScript("moveBackfill", { keys: ["backfill", "inbox", "events"], args: ["id", "to", "from", "at"] }),
  advanceBackfill: defineScript("advanceBackfill", {
    keys: ["leader", "backfill", "backfills", "open", "events"],
    args: ["token", "id", "cursor", "active", "counts", "endedAt", "keepMs"],
  }),
};
