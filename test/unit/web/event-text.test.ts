import assert from "node:assert/strict";
import { eventText, type HistoryEvent } from "../../../services/dashboard/web/run/event-text.ts";

const event = (type: string, more: object = {}): HistoryEvent =>
  ({ at: "", type, actor: { kind: "leader" }, ...more }) as HistoryEvent;

describe("eventText", () => {
  const table: readonly (readonly [event: HistoryEvent, expected: string])[] = [
    [event("run.created", { trigger: { kind: "schedule" } }), "the run was created (schedule)"],
    [event("task.queued", { taskId: "a" }), "queued"],
    [event("run.failed"), "the run: failed"],
    [
      event("try.ended", { try: 1, infra: 0, state: "up_for_retry", code: "ExitCode", message: "the program exited with 3" }),
      "try 1 ended: up for retry — the program exited with 3",
    ],
    [event("run.acted", { act: { type: "clear", tasks: ["a", "b", "c", "d", "e"] } }), "cleared a, b, c and 2 more"],
    [event("board.retry", { jobId: "1" }), "board.retry (jobId 1)"],
    [event("task.scheduled", { why: { pool: "etl" } }), 'scheduled (why {"pool":"etl"})'],
  ];
  for (const [of, expected] of table) it(of.type, () => assert.equal(eventText(of), expected));
});
