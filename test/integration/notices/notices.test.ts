import assert from "node:assert/strict";
import type { TaskSpecInput } from "#core/task-spec.ts";
import { signBody } from "#notify/sign-body.ts";
import { openNoticeQueue } from "#queue/notice-queue.ts";
import { type ServiceProcess, shell } from "../../support/fleet.ts";
import { type HookServer, openHookServer } from "../../support/hook-server.ts";
import { type MailServer, openMailServer } from "../../support/mail-server.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

const KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SHORT_LOCK = { WINDLASS_LOCK_MS: "1000", WINDLASS_STALLED_MS: "500" };

describe("notices", () => {
  let mail: MailServer;
  let hook: HookServer;
  let scheduler: ServiceProcess;
  let worker: ServiceProcess;
  const env = () => ({
    WINDLASS_SMTP_URL: mail.url,
    WINDLASS_MAIL_FROM: "Windlass <windlass@example.org>",
    WINDLASS_BASE_URL: "https://windlass.example.org/",
    WINDLASS_WEBHOOK_SECRET_hooks: KEY,
    WINDLASS_SLACK_URL: `${hook.url}/slack`,
    ...SHORT_LOCK,
  });
  const shared = sharedFleet(async fleet => {
    [mail, hook] = await Promise.all([openMailServer(), openHookServer()]);
    [scheduler, worker] = await Promise.all([fleet.scheduler(), fleet.worker(env())]);
  });
  after(async () => {
    hook.close();
    await mail.close();
  });
  beforeEach(() => {
    mail.letters.splice(0);
    hook.hooks.splice(0);
    hook.answer = () => 200;
  });

  const sent = async (run: string, type = "notice.sent") =>
    (await shared.fleet.state.runs.history(run)).filter(entry => entry.type === type);
  const all = (run: string, count: number) =>
    until(async () => (await sent(run)).length === count, { deadlineMs: 15_000, what: `${count} notices of ${run}` });

  const webhook = () => ({ kind: "webhook" as const, url: `${hook.url}/done`, secret: "hooks", headers: { "x-team": "data" } });
  const email = { kind: "email" as const, to: ["data@example.org"], cc: ["ops@example.org"] };

  const OWN_WORDS = {
    kind: "email" as const,
    to: ["x@example.org"],
    subject: "{{ task.id }} of {{ run.id }} ended as {{ tasks.load.state }}",
  };

  it("tell of a failure by mail, webhook and Slack: what, why, what to do, where", async () => {
    const { fleet } = shared;
    const run = await fleet.start({
      id: "broken",
      notices: { onFailure: [{ kind: "slack", channel: "#data" }] },
      tasks: [
        shell("load", "exit 3", {
          notices: { onFailure: [email, webhook(), OWN_WORDS, { ...OWN_WORDS, subject: "{{ params.none }}" }] },
        }),
      ],
    });
    await fleet.ended(run);
    await all(run, 5);

    const subjects = mail.letters.map(({ headers }) => headers.subject);
    assert.deepEqual(subjects.toSorted(), [
      "[Windlass] broken / load failed",
      "[Windlass] broken / load failed",
      `load of ${run} ended as failed`,
    ]);
    const letter = mail.letters.find(({ to }) => to.includes("ops@example.org"));
    assert.deepEqual(letter!.to, ["data@example.org", "ops@example.org"]);
    assert.match(letter!.headers["message-id"]!, /^<[a-z2-7]{40}@example\.org>$/);
    for (const part of [
      /ExitCode: the program exited with 3/,
      /what to do: /,
      /https:\/\/windlass\.example\.org\/runs\/broken~/,
    ]) {
      assert.match(letter!.body.replaceAll("=\r\n", ""), part);
    }

    const done = hook.hooks.find(({ path }) => path === "/done")!;
    const payload = JSON.parse(done.body) as { id: string; outcome: { code: string }; taskId: string };
    assert.deepEqual([payload.id, payload.outcome.code, payload.taskId], [`${run}~load~1~onFailure~1`, "ExitCode", "load"]);
    const at = Number(done.headers["webhook-timestamp"]) * 1_000;
    assert.equal(done.headers["webhook-signature"], signBody(payload.id, at, done.body, KEY)["webhook-signature"]);
    assert.deepEqual([done.headers["idempotency-key"], done.headers["x-team"]], [payload.id, "data"]);

    const slack = JSON.parse(hook.hooks.find(({ path }) => path === "/slack")!.body) as { text: string; channel: string };
    assert.equal(slack.channel, "#data");
    assert.match(slack.text, /broken failed[\s\S]*task load\n {2}ExitCode: the program exited with 3/);
  });

  it("tell of retries, skipped tasks and successes where asked, and of nothing else", async () => {
    const { fleet } = shared;
    const quiet: TaskSpecInput["notices"] = { onFailure: [webhook()], onSkipped: [webhook()] };
    const run = await fleet.start({
      id: "moments",
      notices: { onSuccess: [webhook()], onFailure: [webhook()] },
      tasks: [
        shell("flaky", '[ "$WINDLASS_TRY" = 2 ]', {
          retry: { retries: 1, delayMs: 0 },
          notices: { onRetry: [webhook()], onSuccess: [webhook()], onFailure: [webhook()] },
        }),
        shell("plain", "true", { notices: quiet }),
        shell("skips", "exit 9", { retry: { skipOn: [9] }, notices: { onSkipped: [webhook()] } }),
      ],
    });
    await fleet.ended(run);
    await all(run, 4);
    const said = hook.hooks.map(({ body }) => JSON.parse(body) as { taskId?: string; try?: number; moment: string });
    assert.deepEqual(said.map(({ taskId = "", try: number = "", moment }) => `${taskId} ${number} ${moment}`).sort(), [
      "  onSuccess",
      "flaky 1 onRetry",
      "flaky 2 onSuccess",
      "skips 1 onSkipped",
    ]);
  });

  it("that a receiver refuses for good are given up, and the history says so", async () => {
    const { fleet } = shared;
    hook.answer = () => 404;
    const run = await fleet.start({ id: "refused", notices: { onSuccess: [webhook()] }, tasks: [{ id: "a", operator: "noop" }] });
    await fleet.ended(run);
    const [entry] = await until(async () => (await sent(run, "notice.failed"))[0] && sent(run, "notice.failed"), {
      deadlineMs: 10_000,
      what: "the end of the notice",
    });
    assert.deepEqual([entry!.message, hook.hooks.length], ["the webhook answered 404", 1]);
  });

  it("of a worker that is killed between the receiver's yes and its own note come again under the same key, and are noted once", async () => {
    const { fleet } = shared;
    // The receiver has it and says nothing: to the worker it is not delivered when it dies.
    hook.answer = number => (number === 1 ? undefined : 200);
    const run = await fleet.start({ id: "killed", notices: { onSuccess: [webhook()] }, tasks: [{ id: "a", operator: "noop" }] });
    await fleet.ended(run);
    await until(() => hook.hooks.length === 1, { what: "the first delivery" });
    await worker.signal("SIGKILL");
    worker = await fleet.worker(env());
    await all(run, 1);
    const keys = hook.hooks.map(({ headers }) => headers["idempotency-key"]);
    assert.equal(keys.length, 2);
    assert.equal(new Set(keys).size, 1);
  });

  it("ordered again, by a leader that does not know what the one before came to, are not sent again", async () => {
    const { fleet } = shared;
    const run = await fleet.start({
      id: "twice",
      tasks: [
        { id: "a", operator: "noop", notices: { onSuccess: [webhook()] } },
        { id: "ask", operator: "approval", question: "?", upstream: ["a"] },
      ],
    });
    await fleet.taskIn(run, "ask", "deferred");
    await all(run, 1);
    // The job of the notice is gone as if its retention had passed; the mark in the record stays.
    const queue = openNoticeQueue({ connection: fleet.redis, prefix: fleet.prefix });
    const id = `${run}~a~1~onSuccess~0`;
    // Told is not yet done: the worker still holds the job for a moment.
    await until(async () => (await queue.bull.getJobState(id)) === "completed", { what: "the first order's end" });
    await (await queue.bull.getJob(id))!.remove();
    await queue.add([{ kind: "notice", id, runId: run, taskId: "a", try: 1, moment: "onSuccess", notice: webhook() }]);
    await until(async () => (await queue.bull.getJobState(id)) === "completed", { what: "the repeated order's end" });
    await queue.close();
    assert.equal(hook.hooks.length, 1);
  });

  it("tell of a deadline that was missed while nobody led, and once over all leaders", async () => {
    const { fleet } = shared;
    const run = await fleet.start({
      id: "leaderless",
      deadlines: [{ from: "queued", afterMs: 500, notices: [webhook()] }],
      tasks: [{ id: "ask", operator: "approval", question: "?" }],
    });
    await fleet.taskIn(run, "ask", "deferred");
    await scheduler.signal("SIGKILL");
    scheduler = await fleet.scheduler();
    await all(run, 1);
    await scheduler.signal("SIGTERM");
    scheduler = await fleet.scheduler();
    await fleet.state.runs.requestCancel(run, { at: Date.now(), by: "test" });
    await fleet.ended(run);
    assert.deepEqual([(await sent(run, "run.deadlineMissed")).length, hook.hooks.length], [1, 1]);
  });

  it("tell of a missed deadline once; it shows in the history, and the run goes on", async () => {
    const { fleet } = shared;
    const run = await fleet.start({
      id: "late",
      deadlines: [{ from: "queued", afterMs: 200, notices: [webhook()] }],
      tasks: [{ id: "ask", operator: "approval", question: "?" }],
    });
    await all(run, 1);
    const missed = await sent(run, "run.deadlineMissed");
    assert.equal(missed.length, 1);
    const payload = JSON.parse(hook.hooks[0]!.body) as { moment: string; dueAt: string; state: string };
    assert.deepEqual([payload.moment, payload.state, Date.parse(payload.dueAt)], ["onDeadline", "running", missed[0]!.dueAt]);
    assert.equal((await fleet.state.runs.getRun(run))!.state, "running");
  });
});
