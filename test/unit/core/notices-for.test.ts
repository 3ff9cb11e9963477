import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import { indexDag } from "#core/graph.ts";
import type { Notice, NoticeMoment } from "#core/notice.ts";
import { deadlineNotices, type NoticeRequest, noticesFor } from "#core/notices-for.ts";

const slack: Notice = { kind: "slack" };
const mail: Notice = { kind: "email", to: ["a@example.org"] };
const spec = DagSpec.parse({
  id: "etl",
  notices: { onFailure: [slack], onDeadline: [mail] },
  deadlines: [{ from: "queued", afterMs: 5, notices: [slack] }],
  tasks: [
    {
      id: "load",
      operator: "noop",
      notices: { onFailure: [mail, slack], onRetry: [slack], onSkipped: [mail], onSuccess: [mail] },
    },
    { id: "quiet", operator: "noop" },
  ],
});
const ids = (requests: readonly NoticeRequest[]) => requests.map(({ id, notice }) => `${id} ${notice.kind}`);

describe("noticesFor", () => {
  const table: readonly (readonly [
    what: string,
    decision: { moment: NoticeMoment; taskId?: string; try?: number },
    ids: string[],
  ])[] = [
    [
      "a task's failure",
      { moment: "onFailure", taskId: "load", try: 2 },
      ["etl~1~load~2~onFailure~0 email", "etl~1~load~2~onFailure~1 slack"],
    ],
    ["an instance's retry", { moment: "onRetry", taskId: "load@3", try: 1 }, ["etl~1~load@3~1~onRetry~0 slack"]],
    ["a task that never began", { moment: "onSkipped", taskId: "load" }, ["etl~1~load~0~onSkipped~0 email"]],
    ["a task that tells nobody", { moment: "onFailure", taskId: "quiet", try: 1 }, []],
    ["the run's failure", { moment: "onFailure" }, ["etl~1~~9~onFailure~0 slack"]],
    ["the run's success, which nobody wants to hear of", { moment: "onSuccess" }, []],
  ];
  for (const [what, decision, expected] of table) {
    it(what, () => assert.deepEqual(ids(noticesFor(indexDag(spec), { id: "etl~1", endedAt: 9 }, decision)), expected));
  }

  it("a deadline tells its own and the DAG's", () =>
    assert.deepEqual(ids(deadlineNotices(spec, "etl~1", 0)), [
      "etl~1~~deadline-0~onDeadline~0 slack",
      "etl~1~~deadline-0~onDeadline~1 email",
    ]));
});
