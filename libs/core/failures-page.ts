import { formatDuration } from "./duration.ts";
import { FAILURE_STAGES, FAILURES, type FailureRow } from "./failure-codes.ts";
import type { Blame } from "./outcome.ts";
import { INFRA_RETRIES } from "./retry.ts";

const BLAMES: Readonly<Record<Exclude<Blame, "none">, string>> = {
  user: "The task's own failure. Uses up a try: `retries`, `retryDelay`, `backoff`.",
  config:
    "The pod or the DAG is wrong, repeating cannot help: fails at once, tries or not. `retryConfigErrors: true` makes it like `user`.",
  infra: `The cluster's matter. The same try starts again in a new pod, up to \`infraRetries\` times (${INFRA_RETRIES}), after 10 s, 30 s, 1, 2, 5 min; it never uses up a try. Then the task fails.`,
  policy: 'Somebody\'s decision. Like `infra`, unless the task says `failOn: ["<code>"]`.',
};

const GUIDE = `# Failures

<!-- Written by \`node services/cli/docs.ts\` from libs/core/failure-codes.ts. -->

Every failed try has a **code**: stable, for alerts and retry rules. Where Kubernetes has a word, the code is that word. A failure has four parts:
what happened, where (pod, node, container), the evidence (what Kubernetes said, verbatim; never what a container wrote), and what to do.

## Whose matter it is

| blame | what follows |
| --- | --- |
${Object.entries(BLAMES)
  .map(([blame, follows]) => `| \`${blame}\` | ${follows} |`)
  .join("\n")}

"Waits" in the tables below: the cluster does not take the pod now. The try waits, without limit and without using anything up, and its reason
shows as the task's note. "Grace": somebody may still help, so the state is tolerated that long.

## The task's own rules

They come before the blame, in this order.

| option | a failure that fits | example |
| --- | --- | --- |
| \`skipOn\` | ends the task as \`skipped\`, and so do those that need it | \`[99]\` |
| \`failOn\` | ends the task as \`failed\`, tries left or not | \`[64, 78, "OOMKilled"]\` |
| \`retryOn\` | starts the same try again after \`retryDelay\`, while \`infraRetries\` last; then it uses up tries | \`{ exitCodes: [75], codes: ["ErrImagePull"] }\` |

Numbers are exit codes of the task's own process: those of an init container, or of a pod that was drained, do not count. Texts are codes of this page.
\`memoryGrowth: 1.5\` multiplies the memory limit, and the request with it, for every further try; the cap is four times the limit, or \`{ factor: 1.5, max: "8Gi" }\`.

## Time limits

| option | what it limits | default | its code |
| --- | --- | --- | --- |
| \`schedulingTimeout\` | waiting for a node; \`0\`: for ever. A pod held back by a gate (Kueue) has no limit | \`WINDLASS_SCHEDULING_TIMEOUT_MS\`, 10 min | \`Unschedulable\` |
| \`startTimeout\` | from the last step reached (node, volumes, network) to the start of the main container, init containers included; \`0\`: for ever | \`WINDLASS_START_TIMEOUT_MS\`, 10 min | \`StartTimeout\`, or what the events say: \`VolumeMissing\` |
| \`timeout\` | the main container, from its start | none | \`Timeout\` |

Behind a \`timeout\` stands the pod's \`activeDeadlineSeconds\`, later by the start timeout (20 min at least) and a minute: it ends a pod whose workers are all gone,
with code \`DeadlineExceeded\`. While the API server cannot be seen, the workers' clocks stand still: what was not seen is added to every limit.
`;

function handling({ waits, graceMs }: FailureRow): string {
  if (waits) return "waits";
  return graceMs ? `grace ${formatDuration(graceMs)}` : "";
}

/** A bar would end the cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll(/\{(\w+)\}/g, "…");

function section(stage: FailureRow["stage"]): string {
  const rows = Object.entries(FAILURES as Readonly<Record<string, FailureRow>>).filter(([, row]) => row.stage === stage);
  const lines = rows.map(
    ([code, row]) => `| \`${code}\` | ${row.blame} | ${handling(row)} | ${cell(row.what)} | ${cell(row.advice)} |`,
  );
  return `## ${FAILURE_STAGES[stage]}

| code | blame | | what happened | what to do |
| --- | --- | --- | --- | --- |
${lines.join("\n")}
`;
}

/** docs/reference/failures.md: the table of failures for people. */
export const failuresPage = (): string =>
  [GUIDE, ...(Object.keys(FAILURE_STAGES) as FailureRow["stage"][]).map(section)].join("\n");
