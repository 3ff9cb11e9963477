// A person decides: POST /api/v1/runs/RUN/tasks/ask/approval with {"answer": "approve"}, "reject" or "later".
import { dag, run } from "windlass";

export default dag("approval", { description: "A release that waits for a person", tags: ["example"] }, d => {
  const image = "busybox:1.36";
  const prepare = d.pod("prepare", { image, command: ["echo", "ready"] });

  // Waiting costs nothing: no pod, no worker, no slot. After a day without an answer the task fails.
  const ask = d.approval("ask", { question: `Publish ${run.ds}?`, options: ["later"], timeout: "1d" });

  // The answer is the task's result; "reject" fails the task, and the run with it.
  const publish = d.pod("publish", { image, command: ["echo", "published"] });
  const wait = d.empty("leave-it");
  d.chain(prepare, ask, d.branch("decide", { on: ask.output, cases: { approve: publish, later: wait } }));
});
