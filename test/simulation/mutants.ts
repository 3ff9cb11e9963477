/** One rule of the core turned round: `find` stands once in the file. */
export interface Mutant {
  name: string;
  /** Under libs/core. */
  file: string;
  find: string;
  replace: string;
}

const readiness = (name: string, find: string, replace: string): Mutant => ({ name, file: "readiness.ts", find, replace });

/** Mistakes that somebody might make. The simulation has to find each of them. */
export const MUTANTS: readonly Mutant[] = [
  readiness(
    "all_success forgets failures",
    'if (bad(n) > 0) return "upstream_failed";\n    if (n.skipped > 0) return "skipped";',
    'if (n.skipped > 0) return "skipped";',
  ),
  readiness("all_success forgets skips", 'if (n.skipped > 0) return "skipped";\n    return done', "return done"),
  readiness(
    "all_success does not wait",
    'return done ? "ready" : "wait";\n  },\n  all_failed',
    'return "ready";\n  },\n  all_failed',
  ),
  readiness("all_failed runs after a success", "(n.success > 0 || n.skipped > 0 ?", "(n.skipped > 0 ?"),
  readiness("all_done does not wait", 'all_done: (_, done) => (done ? "ready" : "wait")', 'all_done: () => "ready"'),
  readiness(
    "all_done_min_one_success needs none",
    'if (n.success > 0) return "ready";\n    return bad(n) > 0 ? "upstream_failed" : "skipped";\n  },\n  all_skipped',
    'return "ready";\n  },\n  all_skipped',
  ),
  readiness(
    "all_skipped runs after a failure",
    '(n.success > 0 || bad(n) > 0 ? "skipped" : done ? "ready" : "wait"),\n  one_failed',
    '(n.success > 0 ? "skipped" : done ? "ready" : "wait"),\n  one_failed',
  ),
  readiness(
    "one_failed runs after none",
    'one_failed: (n, done) => (bad(n) > 0 ? "ready" : done ? "skipped" : "wait")',
    'one_failed: (_, done) => (done ? "ready" : "wait")',
  ),
  readiness(
    "one_success counts failures",
    "one_success: (n, done) => {\n    if (n.success > 0)",
    "one_success: (n, done) => {\n    if (n.success + n.failed > 0)",
  ),
  readiness("one_done counts skips", "(n.success > 0 || n.failed > 0 ?", "(n.success > 0 || n.failed > 0 || n.skipped > 0 ?"),
  readiness(
    "none_failed forgets failures",
    'none_failed: (n, done) => (bad(n) > 0 ? "upstream_failed" : done ? "ready" : "wait")',
    'none_failed: (_, done) => (done ? "ready" : "wait")',
  ),
  readiness("none_failed_min_one_success needs none", 'return n.success > 0 ? "ready" : "skipped";', 'return "ready";'),
  readiness(
    "none_skipped forgets skips",
    '(n.skipped > 0 ? "skipped" : done ? "ready" : "wait"),\n  always',
    '(done ? "ready" : "wait"),\n  always',
  ),
  readiness("always waits for ever", 'always: () => "ready"', 'always: () => "wait"'),
  {
    name: "an ended upstream is counted twice",
    file: "progress.ts",
    find: "[entered]: tally[entered] + 1",
    replace: "[entered]: tally[entered] + 2",
  },
  {
    name: "a task set back still counts as ended",
    file: "progress.ts",
    find: "[left]: tally[left] - 1",
    replace: "[left]: tally[left]",
  },
  {
    name: "open tasks are not counted down",
    file: "progress.ts",
    find: "isFinal(to.state) ? -1 : 1",
    replace: "isFinal(to.state) ? 0 : 1",
  },
  {
    name: "an instance set back is not started again",
    file: "progress.ts",
    find: 'to === "none" ? Math.min(known.next, index) : known.next',
    replace: "known.next",
  },
  { name: "a failed share is not counted", file: "resolve.ts", find: "Math.floor(maxFailures * total)", replace: "total" },
  {
    name: "maxActive of a map is ignored by one",
    file: "resolve.ts",
    find: "draft.instancesOf(taskId)!.active >= most",
    replace: "draft.instancesOf(taskId)!.active > most",
  },
  {
    name: "the gate is not asked",
    file: "resolve.ts",
    find: "if (draft.gate.admit(draft.run, taskId, spec, at))",
    replace: "if (draft !== undefined)",
  },
  {
    name: "a branch goes everywhere",
    file: "choose.ts",
    find: "filter(down => !goOn.has(down))",
    replace: "filter(() => false)",
  },
  {
    name: "a task waits for its slot although its rule holds no more",
    file: "resolve.ts",
    find: 'verdictOn(draft, taskId, spec).is !== "ready"',
    replace: "spec === undefined",
  },
  {
    name: "old news of another generation are believed",
    file: "step.ts",
    find: "if (news.gen !== known.gen) return news.gen < known.gen;",
    replace: "",
  },
  {
    name: "news of an ended task are believed again",
    file: "step.ts",
    find: "return !isLive(known.state) || news.state === known.state;",
    replace: "return news.state === known.state;",
  },
  {
    name: "a lost job's successor starts another try",
    file: "step.ts",
    find: "isUnderWay ? under.try - 1 : under.try",
    replace: "under.try",
  },
  {
    name: "a lost job's successor forgets its pod",
    file: "step.ts",
    find: "isUnderWay ? under : left",
    replace: "isUnderWay ? { ...under, infra: 0 } : left",
  },
  {
    name: "a lost job gets no successor",
    file: "step.ts",
    find: "if (event.task.gen !== known.gen ||",
    replace: "if (event.task.gen === known.gen ||",
  },
  {
    name: "what had failed with a retried task stays so",
    file: "reopen.ts",
    find: 'task.state !== "upstream_failed" ||',
    replace: 'task.state === "upstream_failed" ||',
  },
  {
    name: "a running task is cleared beside its pod",
    file: "apply-act.ts",
    find: "return live.length === 0;",
    replace: "return true;",
  },
  {
    name: "a run ends well whatever its leaves say",
    file: "run-outcome.ts",
    find: 'deciding.every(state => state === "success" || state === "skipped")',
    replace: "deciding.some(() => true)",
  },
  {
    name: "strict is ignored",
    file: "run-outcome.ts",
    find: "graph.spec.strict === true",
    replace: "graph.spec.strict === undefined",
  },
  {
    name: "one try more than the retries",
    file: "retry.ts",
    find: "tryNumber > policy.retries",
    replace: "tryNumber > policy.retries + 1",
  },
  {
    name: "infrastructure uses up tries",
    file: "retry.ts",
    find: 'isLeft ? { state: "restarting", delayMs: infraDelayMs(infra, options) } : { state: "failed" }',
    replace: "nextTry(tryNumber + 1, policy, seed)",
  },
  {
    name: "a task that waits for its retry gives its slot away",
    file: "admission/admission.ts",
    find: '  up_for_retry: "hold",\n',
    replace: "",
  },
  {
    name: "a slot is given back twice",
    file: "admission/limit.ts",
    find: "    this.#used -= slots;\n    return true;",
    replace: "    this.#used -= 2 * slots;\n    return true;",
  },
  {
    name: "a slot is never given back",
    file: "admission/limit.ts",
    find: "    this.#used -= slots;\n    return true;",
    replace: "    return true;",
  },
  {
    name: "a stopped run owes no teardown",
    file: "close-tasks.ts",
    find: "if (isOwed(draft, taskId)) draft.look([taskId], at);\n    else end",
    replace: "end",
  },
];
