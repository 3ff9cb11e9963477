import { defineScript } from "./script.ts";

/** Every script of the record, with its keys and arguments in the order of its header. */
export const SCRIPTS = {
  createRun: defineScript("createRun", {
    keys: ["run", "idempotency", "runs", "runsOfDag", "live", "inbox", "history", "events"],
    args: ["runId", "version", "header", "createdAt", "forgetBefore", "bodyHash", "idempotencyTtlMs", "entry"],
  }),
  requestCancel: defineScript("requestCancel", {
    keys: ["run", "inbox", "history", "events"],
    args: ["runId", "at", "entry", "channel"],
  }),
  beginTry: defineScript("beginTry", {
    keys: ["run", "tasks", "live", "inbox", "history", "events"],
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
  noteTry: defineScript("noteTry", {
    keys: ["tasks", "notes"],
    args: ["taskId", "gen", "epoch", "note"],
  }),
  acquireLease: defineScript("acquireLease", {
    keys: ["leader", "leaderEpoch"],
    args: ["id", "ttlMs"],
  }),
  renewLease: defineScript("renewLease", { keys: ["leader"], args: ["token", "ttlMs"] }),
  releaseLease: defineScript("releaseLease", { keys: ["leader"], args: ["token"] }),
  commitStep: defineScript("commitStep", {
    keys: ["leader", "run", "tasks", "tries", "outputs", "history", "notes", "live", "outbox", "events"],
    args: ["token", "runId", "fromRev", "rev", "state", "startedAt", "endedAt", "at", "retentionMs", "changeCount", "orderCount"],
    rest: "changes, orders, entries",
  }),
  cancelTask: defineScript("cancelTask", {
    keys: ["leader", "tasks", "history", "events"],
    args: ["token", "runId", "taskId", "gen", "from", "record", "state", "at", "entry"],
  }),
};
