/** One parameter of Airflow's KubernetesPodOperator, what does its work here, and the test that shows it. */
export interface OperatorParameter {
  parameter: string;
  /** Markdown. */
  ours: string;
  test: ParameterTest;
}

const CONTRACT = "test/contract/pod-task/fields-contract.ts";
const CLUSTER = "test/cluster/pod-task/pod-parameters.test.ts";
const LOGS = "test/contract/logs/logs-contract.ts";
const JOURNEY = "test/contract/journey/journey-contract.ts";

/** File, and the beginning of the test's title or of its row's. */
export const PARAMETER_TESTS = {
  env: [CONTRACT, "env: literals"],
  mounts: [CONTRACT, "mounts: Secret"],
  companions: [CONTRACT, "init containers run before"],
  layers: [CONTRACT, "layers: installation"],
  scheduling: [CLUSTER, "scheduling: nodeSelector"],
  names: [CLUSTER, "names: hostname"],
  hostNetwork: [CLUSTER, "hostNetwork: the pod"],
  container: [CLUSTER, "the container: users"],
  resources: [CLUSTER, "resources: the limits"],
  deadline: [CLUSTER, "activeDeadlineSeconds: the kubelet"],
  termination: [CLUSTER, "terminationMessagePolicy: 'File'"],
  rendered: ["test/integration/worker/rendered-pod.test.ts", "is the one that renderManifest shows"],
  plan: ["test/cluster/pod-task/plan.test.ts", "accepts what would run"],
  secrecy: ["test/contract/pod-task/secrecy-contract.ts", "a Secret's value is nowhere"],
  template: ["test/unit/sdk/pod-options.test.ts", "reads a template from a YAML file"],
  override: ["test/unit/sdk/pod-options.test.ts", "keeps what a function did"],
  words: ["test/unit/kube/manifest.test.ts", "carries every field of the task over"],
  credentials: ["test/unit/kube/kube.test.ts", "describe("],
  names63: ["test/unit/core/ids.test.ts", "describe("],
  mergedLog: ["test/integration/dashboard/logs.test.ts", "gives all containers of a try as one"],
  logs: [LOGS, "are kept of every container"],
  someLogs: [LOGS, "are kept of the containers that the task names"],
  noLog: [LOGS, "say why a try has none"],
  limits: ["test/contract/failures/failure-cases.ts", "Unschedulable"],
  startLimit: ["test/unit/worker/start-events.test.ts", "StartTimeout"],
  plugins: ["test/contract/pod-task/plugins-contract.ts", "hear of every pod's life"],
  results: ["test/contract/pod-task/results-contract.ts", "are checked by their schema"],
  skip: ["test/unit/core/retry.test.ts", "skipOn"],
  afterEnd: ["test/contract/pod-task/after-end-contract.ts", "go or stay as the task wishes"],
  onKill: ["test/contract/pod-task/after-end-contract.ts", "go on after a cancel"],
  adopts: [JOURNEY, "lets another worker adopt"],
  sample: ["test/contract/journey/sample-contract.ts", "ends as Kubernetes says"],
} as const satisfies Readonly<Record<string, readonly [file: string, title: string]>>;

type ParameterTest = keyof typeof PARAMETER_TESTS;

const row = (parameter: string, ours: string, test: ParameterTest): OperatorParameter => ({ parameter, ours, test });

/** All 68, in the groups of Airflow's own documentation. */
export const OPERATOR_PARAMETERS: Readonly<Record<string, readonly OperatorParameter[]>> = {
  "Where and what to run": [
    row("kubernetes_conn_id", "of the worker: `KUBECONFIG`, `WINDLASS_KUBE_CONTEXT`; no task holds credentials", "credentials"),
    row("in_cluster", "of the worker: without a kubeconfig it is its own service account", "credentials"),
    row("config_file", "of the worker: `KUBECONFIG`", "credentials"),
    row("cluster_context", "of the worker: `WINDLASS_KUBE_CONTEXT`", "credentials"),
    row("namespace", "`namespace`; else the worker's `WINDLASS_NAMESPACE`", "words"),
    row("image", "`image`", "words"),
    row("image_pull_policy", "`imagePullPolicy`", "container"),
    row("image_pull_secrets", "`imagePullSecrets: [{ name }]`", "container"),
    row("name", "`name`, the readable head; try and hash follow", "words"),
    row("random_name_suffix", "not needed: the name is computed from the try, so that no try can have two pods", "names63"),
    row("cmds", "`command`", "words"),
    row("arguments", "`args`", "words"),
    row("ports", "`ports`", "names"),
    row("hostname", "`hostname`", "names"),
    row("subdomain", "`subdomain`", "names"),
  ],
  "Environment, configuration, secrets, volumes": [
    row("env_vars", '`env: { NAME: "value" }`', "env"),
    row("env_from", "`envFrom`", "env"),
    row("configmaps", '`envFrom: [configMap.envFrom("name")]`; one key: `configMap.env("name", "key")`', "env"),
    row("secrets", '`secret.env("name", "key")` in `env`, `secret.envFrom` in `envFrom`, `secret.file` in `mounts`', "secrecy"),
    row("pod_runtime_info_envs", '`env: { POD: fieldRef("metadata.name"), MEMORY: resourceFieldRef("limits.memory") }`', "env"),
    row("volumes", "`volumes`, or `mounts` for a volume and its place at once", "mounts"),
    row("volume_mounts", "`volumeMounts`, or `mounts`", "companions"),
  ],
  "Scheduling and the pod": [
    row("labels", "`labels`", "scheduling"),
    row("annotations", "`annotations`", "scheduling"),
    row("container_resources", "`resources`; more memory for every further try: `memoryGrowth`", "resources"),
    row("node_selector", "`nodeSelector`", "scheduling"),
    row("affinity", "`affinity`; also `topologySpreadConstraints`", "scheduling"),
    row("tolerations", "`tolerations`", "scheduling"),
    row("priority_class_name", "`priorityClassName`", "scheduling"),
    row("schedulername", "`schedulerName`; also `runtimeClassName`", "scheduling"),
    row("service_account_name", "`serviceAccount`", "scheduling"),
    row(
      "automount_service_account_token",
      "`automountServiceAccountToken`, false by default; `serviceAccountToken({ audience, path })` in `mounts`",
      "scheduling",
    ),
    row("hostnetwork", "`hostNetwork`", "hostNetwork"),
    row("host_aliases", "`hostAliases`", "names"),
    row("dnspolicy", "`dnsPolicy`", "names"),
    row("dns_config", "`dnsConfig`", "names"),
    row("security_context", "`securityContext`, over a default that PodSecurity `restricted` accepts", "container"),
    row("container_security_context", "`containerSecurityContext`, likewise", "container"),
    row("init_containers", "`initContainers`; also `sidecars` and `extraContainers`", "companions"),
    row(
      "active_deadline_seconds",
      "`activeDeadlineSeconds`; better `timeout`, which counts from the container's start",
      "deadline",
    ),
    row("termination_grace_period", "`terminationGracePeriodSeconds`", "words"),
    row("termination_message_policy", '`terminationMessagePolicy`, `"FallbackToLogsOnError"` by default', "termination"),
    row("full_pod_spec", "`podTemplate: { … }`", "layers"),
    row(
      "pod_template_file",
      '`podTemplate: "pods/gpu.yaml"`; for every task of the installation: `WINDLASS_POD_TEMPLATE`',
      "template",
    ),
    row("pod_template_dict", "`podTemplate: { … }`; for every task of a DAG: `podDefaults`", "layers"),
    row(
      "base_container_name",
      "the task's container is always `main`, and is found by its name, never by its position",
      "layers",
    ),
  ],
  "Start, watching, logs": [
    row("schedule_timeout_seconds", "`schedulingTimeout`", "limits"),
    row("startup_timeout_seconds", "`startTimeout`", "startLimit"),
    row("startup_check_interval_seconds", "not needed: one watch for all pods, nothing is polled", "sample"),
    row("get_logs", "`logs: true`, the default, or `false`", "someLogs"),
    row("container_logs", '`logs: ["main", "proxy"]`; all containers by default', "someLogs"),
    row("init_container_logs", "as `container_logs`: init containers are containers", "logs"),
    row("base_container_status_polling_interval", "not needed: nothing is polled", "sample"),
    row(
      "container_name_log_prefix_enabled",
      "each container has a log of its own; all as one, with prefix: `container=*` in the log's address",
      "mergedLog",
    ),
    row("log_formatter", "lines are kept as they were written; a plugin's `onLogLine` sees each", "plugins"),
    row("log_events_on_failure", "always: a try without a log says why it has none", "noLog"),
    row(
      "log_pod_spec_on_failure",
      "not done: a pod's spec may hold what is nobody's business; `onFinish: \"keep\"` keeps the pod for `kubectl describe`",
      "afterEnd",
    ),
    row("progress_callback", "a plugin's `onLogLine`", "plugins"),
    row("callbacks", "a plugin's `onPodCreated`, `onPodStarted`, `onPodEnded`; `mutatePod` for the manifest", "plugins"),
  ],
  "Result, end, retry": [
    row("do_xcom_push", "`result: z.object({ … })`; the task writes JSON to `$WINDLASS_RESULT_PATH`, no sidecar", "results"),
    row("skip_on_exit_code", "`skipOn: [99]`; also `failOn` and `retryOn`", "skip"),
    row(
      "on_finish_action",
      '`onFinish: "delete" | "deleteSucceeded" | "keep"`, `keepFor`; a pod whose task still runs is never kept (`delete_active_pod`), unless `onKill: "keep"`',
      "afterEnd",
    ),
    row("is_delete_operator_pod", "`onFinish`", "afterEnd"),
    row("reattach_on_restart", "always: another worker adopts the pod", "adopts"),
    row("deferrable", "not needed: a worker holds hundreds of pods with one watch", "adopts"),
    row("poll_interval", "not needed: nothing is polled", "sample"),
    row("logging_interval", "not needed: logs are followed while they are written", "logs"),
    row("trigger_kwargs", "not needed: there are no triggers", "sample"),
  ],
};

/** What else its users know, by its name. */
export const OPERATOR_BESIDES: readonly OperatorParameter[] = [
  row("durable", "always: the pod's name is computed, so it is found without having been stored", "adopts"),
  row("on_kill_action", '`onKill: "delete" | "keep"`', "onKill"),
  row("dry_run()", "`renderManifest` and `renderYaml` (libs/kube/plan): what the worker will create", "rendered"),
  row("a server-side dry run", "`planDag` (libs/kube/plan)", "plan"),
  row("xcom_sidecar_container_security_context", "not needed: there is no sidecar for results", "results"),
  row("pod_mutation_hook", "a plugin's `mutatePod`, or `WINDLASS_POD_TEMPLATE`", "plugins"),
  row("executor_config pod_override", "`podOverride: { … }` or `podOverride: pod => { … }`", "override"),
];
