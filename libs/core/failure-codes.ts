import type { Blame } from "./outcome.ts";

/** Where a failure shows, in the order of a try's life; the sections of the reference page. */
export const FAILURE_STAGES = {
  start: "Before the container runs",
  run: "While the container runs, and after",
  api: "When the API server is asked for the pod",
  outside: "Of tasks that have no pod: waits, approvals, started runs, requests, custom resources",
  windlass: "Windlass' own",
} as const;

export interface FailureRow {
  stage: keyof typeof FAILURE_STAGES;
  blame: Blame;
  /** What happened, in one sentence; `{name}` is filled in. What Kubernetes said goes into the evidence, verbatim. */
  what: string;
  /** What the reader can do. */
  advice: string;
  /** How long the state is tolerated before it counts: somebody may still help. Absent: it counts at once. */
  graceMs?: number;
  /** The try waits until the cluster takes it, without limit and without using anything up. The reason shows as the task's note. */
  waits?: true;
}

const row =
  (stage: FailureRow["stage"], blame: Blame) =>
  (what: string, advice: string, more: Pick<FailureRow, "graceMs" | "waits"> = {}): FailureRow => ({
    stage,
    blame,
    what,
    advice,
    ...more,
  });

const start = { config: row("start", "config"), infra: row("start", "infra"), user: row("start", "user") };
const run = { user: row("run", "user"), infra: row("run", "infra"), policy: row("run", "policy") };
const api = { config: row("api", "config"), infra: row("api", "infra") };
const outside = { config: row("outside", "config"), user: row("outside", "user"), policy: row("outside", "policy") };
const own = { config: row("windlass", "config"), infra: row("windlass", "infra") };

const WAITS = { waits: true } as const;
const NODE_REFUSED = "the node refused the pod";
const ANOTHER_NODE = "Nothing to do: the try starts again, on another node if there is one.";
const NO_SUCH_NODE = "Correct the pod's spec, or add nodes of the kind that it asks for.";

/**
 * Every way in which a try can fail: the one place that says whose matter it is, what happened and what to do.
 * Codes are stable: alerts, retry rules and tests match on them. Where the cluster has a word, the code is that word.
 */
export const FAILURES = {
  TemplateError: start.config(
    "a text of the task cannot be rendered: {why}",
    "Correct the expression that the evidence quotes, or give the run what it names; `default(…)` is for what may be missing.",
  ),
  ErrImagePull: start.config(
    'the image of container "{container}" cannot be pulled',
    "Check the image's name and tag, imagePullSecrets, and that the nodes reach the registry.",
    { graceMs: 300_000 },
  ),
  RegistryUnavailable: start.config(
    'the registry of container "{container}" does not answer',
    "Check the registry and the nodes' way to it.",
    { graceMs: 300_000 },
  ),
  ImageInspectError: start.config(
    'the image of container "{container}" cannot be read on the node',
    "Look at the node's container runtime; an image that is broken there has to be removed.",
    { graceMs: 120_000 },
  ),
  SignatureValidationFailed: start.config(
    'the signature of the image of container "{container}" is not accepted',
    "Sign the image, or correct the node's signature policy.",
    { graceMs: 120_000 },
  ),
  InvalidImageName: start.config(
    'the image of container "{container}" has a name that is none',
    "Correct the image: lower case, registry/name:tag.",
    { graceMs: 0 },
  ),
  ErrImageNeverPull: start.config(
    'the image of container "{container}" is not on the node and must not be pulled',
    "Load the image onto the nodes, or set imagePullPolicy to IfNotPresent.",
    { graceMs: 0 },
  ),
  CreateContainerConfigError: start.config(
    'container "{container}" cannot be configured',
    "Create the Secret, ConfigMap or key that the evidence names, or correct securityContext.",
    { graceMs: 60_000 },
  ),
  CreateContainerError: start.config(
    'container "{container}" cannot be created',
    "Correct the container: command, mounts, security options.",
    { graceMs: 120_000 },
  ),
  RunContainerError: start.config(
    'container "{container}" cannot be run',
    "Correct the container: command, mounts, security options.",
    { graceMs: 60_000 },
  ),
  TransientStartError: start.infra(
    'container "{container}" cannot be started now ({reason})',
    "Nothing to do if it passes. If it stays, look at the registry and the node.",
    { graceMs: 300_000 },
  ),
  PostStartHookError: start.user(
    'the postStart hook of container "{container}" failed',
    "Correct the hook. Its output is kept out of this record; kubectl describe pod shows the event.",
    { graceMs: 0 },
  ),
  CrashLoopBackOff: start.user(
    'container "{container}" ends again and again, and the main container waits for it',
    "Read its log, and check its startupProbe: the main container starts when its sidecars stay up.",
    { graceMs: 120_000 },
  ),
  SidecarNotStarted: start.user(
    'sidecar "{container}" was not ready within the startTimeout: its startup probe has not passed',
    "Read its log, and correct its startupProbe. A longer startTimeout gives it more time.",
    { graceMs: 600_000 },
  ),
  VolumeMissing: start.config(
    "a volume of the pod cannot be mounted: what it refers to does not exist",
    "Create the Secret, ConfigMap or claim that the evidence names, or correct the volume.",
  ),
  StartTimeout: start.infra(
    "the pod did not start within its startTimeout (it was in {reason})",
    "Read the evidence: volumes, network or images that are slow. A longer startTimeout gives it more time.",
    { graceMs: 600_000 },
  ),
  Unschedulable: start.infra(
    "no node could take the pod within its schedulingTimeout",
    "Ask for less, correct nodeSelector, affinity or tolerations, or add nodes. schedulingTimeout: 0 waits for ever.",
    { graceMs: 600_000 },
  ),
  SchedulerError: start.infra(
    "the scheduler could not place the pod within its schedulingTimeout",
    "Look at the scheduler named by schedulerName.",
    { graceMs: 600_000 },
  ),
  "OutOf*": start.infra(`${NODE_REFUSED}: it had run out of {resource}`, ANOTHER_NODE),
  NodeAffinity: start.infra(`${NODE_REFUSED}: its labels had changed`, ANOTHER_NODE),
  UnexpectedAdmissionError: start.infra(`${NODE_REFUSED}: a device could not be given`, ANOTHER_NODE),
  TopologyAffinityError: start.infra(`${NODE_REFUSED}: its resources do not fit together`, ANOTHER_NODE),
  InvalidNodeInfo: start.infra(`${NODE_REFUSED}: it did not know itself yet`, ANOTHER_NODE),
  Preempting: start.infra(`${NODE_REFUSED}: it could not make room`, ANOTHER_NODE),
  PodOSNotSupported: start.config(`${NODE_REFUSED}: it has another operating system`, NO_SUCH_NODE),
  InitContainerRestartPolicyForbidden: start.config(`${NODE_REFUSED}: it has no native sidecars`, NO_SUCH_NODE),
  SupplementalGroupsPolicyNotSupported: start.config(`${NODE_REFUSED}: it has no supplementalGroupsPolicy`, NO_SUCH_NODE),
  InitContainerFailed: start.user(
    'init container "{container}" exited with {exitCode}',
    "Read the log of the init container: the main container never ran.",
  ),
  InitOOMKilled: start.user(
    'init container "{container}" used more memory than its limit',
    "Raise resources.limits.memory of the init container.",
  ),

  ExitCode: run.user(
    "the program exited with {exitCode}{signal}",
    "Read the log: the program ended itself, or was killed by a signal.",
  ),
  OOMKilled: run.user(
    'container "{container}" used more memory than {limit}',
    "Raise resources.limits.memory; memoryGrowth does it from try to try.",
  ),
  StartError: run.user(
    'container "{container}" could not be started',
    "Check command and args: the program must be in the image, executable, and made for the node's processor.",
  ),
  Timeout: run.user("the task ran longer than its timeout of {timeout}", "Give the task a longer timeout, or make it faster."),
  DeadlineExceeded: run.user(
    "the pod ran longer than its activeDeadlineSeconds",
    "Raise activeDeadlineSeconds if the task sets it. Else it is the backstop behind timeout: no worker was there to end the pod.",
  ),
  StorageLimitExceeded: run.user(
    "the pod wrote more than its own storage limit",
    "Raise resources.limits.ephemeral-storage or the emptyDir's sizeLimit, or write less.",
  ),
  ResultMissing: run.user(
    "exited with 0 without writing its result",
    "Write JSON to the file named by WINDLASS_RESULT_PATH, or take the option result away.",
  ),
  ResultTooLarge: run.user(
    "the result reached the limit of {limit} bytes, so the node has cut it",
    'Put the result into object storage and write { "$ref": "s3://...", "sha256": "...", "size": ... } instead.',
  ),
  ResultInvalid: run.user(
    "the result is not what the task's schema asks for: {why}",
    "Correct what the program writes to WINDLASS_RESULT_PATH, or the option result.",
  ),
  InterruptedExit0: run.policy(
    "asked to stop ({reason}) and exited with 0: not counted as done",
    'The work may be half done, so the try starts again. failOn: ["InterruptedExit0"] fails it instead.',
  ),
  PodDeleted: run.policy(
    "the pod was deleted by someone else before it ended",
    'The try starts again; the API server\'s audit log knows who it was. failOn: ["PodDeleted"] fails it instead.',
  ),
  Disrupted: run.infra(
    "the cluster took the pod away ({reason})",
    "Nothing to do: the try starts again. A PodDisruptionBudget or a higher priority makes it rarer.",
  ),
  KueuePreempted: run.infra("Kueue took the pod's place away", "Nothing to do: the try starts again and queues."),
  Evicted: run.infra(
    "the node was short of resources and evicted the pod",
    "The try starts again. Set resources.requests to what the task needs: who uses more than it asked for goes first.",
  ),
  Terminated: run.infra("the node was shut down", "Nothing to do: the try starts again on another node."),
  NodeShutdown: run.infra("the node was shut down", "Nothing to do: the try starts again on another node."),
  Shutdown: run.infra("the node was shut down", "Nothing to do: the try starts again on another node."),
  NodeNotReady: run.infra("the node was not ready any more", "Look at the node; the try starts again on another one."),
  ProviderFailed: run.infra("the node's provider failed", "Look at the node; the try starts again on another one."),
  NodeLost: run.infra(
    "the pod was asked to end and its node does not answer",
    "Look at the node: the old container may still run there beside the new one. Let tasks that must not overlap fence by WINDLASS_POD_UID.",
  ),
  ContainerLost: run.infra("the node lost track of the container", "Look at the node: it was restarted, or its runtime was."),
  PodVanished: run.infra(
    "the pod disappeared without a trace",
    "The try starts again. If it repeats, something cleans the namespace: a quota controller, a script, another Windlass.",
  ),
  Failed: run.user(
    "the pod failed without a container status",
    "Read the evidence, and kubectl describe pod while the pod is kept.",
  ),

  QuotaExceeded: api.infra(
    "the namespace's quota is used up",
    "Wait for other pods to end, raise the quota, or ask for less.",
    WAITS,
  ),
  QuotaRace: api.infra("two pods asked for the namespace's quota at once", "Nothing to do: it is tried again.", WAITS),
  LimitRange: api.config("the namespace's LimitRange refuses the pod", "Correct resources to what the evidence allows."),
  PodSecurity: api.config(
    "the namespace's PodSecurity level refuses the pod",
    "Drop what the evidence names from the pod, or run it in a namespace with another level.",
  ),
  WebhookDenied: api.config(
    "an admission webhook refused the pod",
    "Correct what the evidence names; the webhook's owner knows the rule.",
  ),
  WebhookUnreachable: api.infra("an admission webhook does not answer", "Look at the webhook that the evidence names.", WAITS),
  AdmissionDenied: api.config("the API server's admission refused the pod", "Correct what the evidence names."),
  ServiceAccountMissing: api.config(
    "the pod's service account does not exist",
    "Create the service account, or name another one.",
    {
      graceMs: 60_000,
    },
  ),
  NamespaceMissing: api.config("the pod's namespace does not exist", "Create the namespace, or correct the task's."),
  NamespaceTerminating: api.infra("the pod's namespace is being deleted", "Create it again, or move the tasks.", WAITS),
  NotAllowed: api.infra(
    "the worker may not do this in the namespace",
    "Give the worker's service account the right that the evidence names (k8s/base/worker-rights.yaml).",
    WAITS,
  ),
  Unauthorized: api.infra("the API server does not know the worker", "Renew the worker's credentials.", WAITS),
  Invalid: api.config("the API server refuses the pod: fields are wrong", "Correct the fields that the evidence names."),
  Rejected: api.config("the API server refuses the pod", "Correct what the evidence names."),
  ClusterUnknown: api.config(
    "the workers know no cluster '{cluster}'",
    "Name a context of the workers' kubeconfig, or add one of that name to it.",
  ),
  ApiUnavailable: api.infra("the API server cannot be reached, or is overloaded", "Look at the API server.", WAITS),

  WaitTimeout: outside.config(
    "what it waits for did not come within its timeout of {timeout}",
    "Look at what it waits for (the evidence is its last look). A longer timeout waits longer; softFail skips the task instead.",
  ),
  WaitInvalid: outside.config("what it waits for cannot be told: {why}", "Correct the task's `for`."),
  ApprovalRejected: outside.config("rejected by {by}", "Read the note in the evidence; clear the task to ask again."),
  ApprovalTimeout: outside.config(
    "nobody decided within its timeout of {timeout}",
    "Clear the task to ask again. A longer timeout, or onTimeout, decides otherwise.",
  ),
  TriggerUnknownDag: outside.config("there is no DAG '{dag}' to start", "Correct the task's `dag`, or load the DAG's file."),
  TriggerRefused: outside.config("the parameters are not what DAG '{dag}' takes: {why}", "Correct the task's `conf`."),
  TriggeredRunFailed: outside.user(
    "the started run {run} ended as {state}",
    "Open the started run. The next try starts a new one.",
  ),
  HttpStatus: outside.user(
    "the answer of {url} was {status}",
    "Read what the server says of this status; okStatus lists the answers that count as a success.",
  ),
  HttpUnreachable: outside.user(
    "no answer came from {url}",
    "Check the address and the workers' way to it (DNS, proxy, NetworkPolicy).",
  ),
  HttpBodyTooLarge: outside.user(
    "the answer of {url} is longer than {limit} bytes",
    "Ask for less, or take the result in a pod that puts it into object storage.",
  ),
  HttpAccountUnknown: outside.config(
    "the request's account is not known here",
    "Set the variable that the evidence names for the workers, or correct the request's `account`.",
  ),
  HttpOff: outside.config(
    "the workers send no requests for tasks here",
    "Send the request from a pod, or let the workers do it: WINDLASS_HTTP_TASKS=on.",
  ),
  ResourceFailed: outside.user(
    "the resource has failed: {path} is {value}",
    'Look at the resource; onFinish: "keep" leaves it there.',
  ),
  ResourceVanished: outside.policy(
    "the resource was deleted by someone else before it ended",
    "The try starts again with a new one. A time to live that its controller keeps must be longer than the workers' look, 10 s.",
  ),
  ResourceKindUnknown: outside.config(
    "the cluster has no kind {kind} in {apiVersion}",
    "Install the custom resource's definition, or correct apiVersion and kind.",
  ),
  ResourceNameTaken: outside.config(
    "the name {name} belongs to somebody else's resource",
    "Delete or rename the other one. It was left alone.",
  ),

  WL_POD_NAME_TAKEN: own.config(
    "the pod's name belongs to somebody else",
    "Delete or rename the foreign pod, or move the tasks to another namespace. It was left alone.",
  ),
  WL_PLUGIN: own.config(
    "a plugin of the workers refused the pod",
    "Read the evidence; the plugins are in the workers' WINDLASS_PLUGINS.",
  ),
  WorkerError: own.infra("the worker failed", "Report this; it is a defect of Windlass."),
  SpecMissing: own.config("the DAG's version has no such task", "Start a new run: the version of this one was removed."),
} as const satisfies Record<string, FailureRow>;

/** A code of the table; the kubelet writes the resource behind "OutOf". */
export type FailureCode = keyof typeof FAILURES | `OutOf${string}`;

/** The codes as retry rules may name them. */
export const FAILURE_CODES = Object.keys(FAILURES) as (keyof typeof FAILURES)[];

/** The name of the code's row: the code itself, but "OutOf*" for "OutOfcpu". */
export const rowName = (code: string): string => (code.startsWith("OutOf") ? "OutOf*" : code);

/** The code's row; undefined for a code that the table does not know. */
export const failureRow = (code: string): FailureRow | undefined =>
  Object.hasOwn(FAILURES, rowName(code)) ? FAILURES[rowName(code) as keyof typeof FAILURES] : undefined;
