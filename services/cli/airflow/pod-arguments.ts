import { literalSecret } from "#sdk/literal-secret.ts";
import { type AirflowValue, dictOf, listOf, tagged } from "./airflow-shape.ts";
import { duration, noted, nothing, type Options, same, type Turn } from "./task-arguments.ts";
import { Code, type TsValue } from "./ts-text.ts";
import { type Turner, textMap } from "./turner.ts";

const words =
  (name: string): Turn =>
  (value, turner, { what, line }) => {
    const turned = turner.words(value, what, line);
    return { [name]: typeof turned === "string" ? [turned] : turned };
  };
const map =
  (name: string): Turn =>
  (value, turner, { what, line }) => ({ [name]: textMap(turner.value(value, what, line)) });
/** A list of which each item is an object of Kubernetes. */
const objects =
  (name: string): Turn =>
  (value, turner, { what, line }) => ({ [name]: listOf(turner.value(value, what, line) as AirflowValue) as TsValue });
const seconds =
  (name: string): Turn =>
  (value, turner, { what, line }) => ({ [name]: turner.value(value, what, line) });

/** What KubernetesPodOperator takes, in all its years. */
export const POD_ARGUMENTS: Readonly<Record<string, Turn>> = {
  image: same("image"),
  cmds: words("command"),
  arguments: words("args"),
  name: (value, turner, { what, line }) => {
    const name = turner.value(value, what, line);
    // The head of a pod's name is known before a run is.
    return typeof name === "string" && !name.includes("{{") ? { name } : {};
  },
  namespace: same("namespace"),
  env_vars: env,
  env_from: envFrom,
  configmaps: (value, turner, { what, line }) => ({
    envFrom: listOf(turner.value(value, what, line) as AirflowValue).map(
      name => new Code(`configMap.envFrom(${JSON.stringify(name)})`),
    ),
  }),
  secrets: (value, turner, at) => listOf(value).reduce<Options>((options, one) => join(options, secret(one, turner, at)), {}),
  labels: map("labels"),
  annotations: map("annotations"),
  node_selector: map("nodeSelector"),
  node_selectors: map("nodeSelector"),
  ports: objects("ports"),
  volumes: objects("volumes"),
  volume_mounts: objects("volumeMounts"),
  tolerations: objects("tolerations"),
  init_containers: objects("initContainers"),
  host_aliases: objects("hostAliases"),
  affinity: same("affinity"),
  dns_config: same("dnsConfig"),
  security_context: same("securityContext"),
  container_security_context: same("containerSecurityContext"),
  resources: classicResources,
  container_resources: classicResources,
  image_pull_policy: same("imagePullPolicy"),
  image_pull_secrets: (value, turner, { what, line }) => {
    const names =
      typeof value === "string" ? value.split(",").map(name => ({ name: name.trim() })) : turner.value(value, what, line);
    return { imagePullSecrets: names as TsValue };
  },
  service_account_name: same("serviceAccount"),
  hostnetwork: same("hostNetwork"),
  dnspolicy: same("dnsPolicy"),
  hostname: same("hostname"),
  subdomain: same("subdomain"),
  schedulername: same("schedulerName"),
  priority_class_name: same("priorityClassName"),
  runtime_class_name: same("runtimeClassName"),
  automount_service_account_token: same("automountServiceAccountToken"),
  termination_grace_period: seconds("terminationGracePeriodSeconds"),
  active_deadline_seconds: seconds("activeDeadlineSeconds"),
  startup_timeout_seconds: duration("startTimeout"),
  schedule_timeout_seconds: duration("schedulingTimeout"),
  skip_on_exit_code: (value, turner, { what, line }) => ({
    skipOn: listOf(turner.value(value, what, line) as AirflowValue) as TsValue,
  }),
  get_logs: value => (value === false ? { logs: false } : {}),
  container_logs: (value, turner, { what, line }) => {
    const names = listOf(turner.value(value, what, line) as AirflowValue).filter(
      name => typeof name === "string" && name !== "base",
    );
    return names.length === 0 ? {} : { logs: ["main", ...names] as TsValue };
  },
  is_delete_operator_pod: value => (value === false ? { onFinish: "keep" } : {}),
  on_finish_action: value => ON_FINISH[String(value)] ?? {},
  on_kill_action: value => (value === "keep_pod" ? { onKill: "keep" } : {}),
  cluster_context: same("cluster"),
  pod_template_file: (value, turner, { what, line }) => {
    const name = typeof value === "string" ? value.split("/").at(-1) : "pod.yaml";
    turner.note(
      line,
      `${what}: copy the YAML file beside the DAG file, call its container "main", and write podTemplate: "${name}"`,
    );
    return {};
  },
  pod_template_dict: (value, turner, { what, line }) => {
    turner.note(line, `${what}: its container has to be called "main"`);
    return { podTemplate: turner.value(value, what, line) };
  },
  full_pod_spec: (value, turner, { what, line }) => {
    turner.note(line, `${what}: its container has to be called "main"`);
    return { podOverride: turner.value(value, what, line) };
  },
  do_xcom_push: (value, turner, { what, line }) => {
    if (value !== true) return {};
    turner.note(line, `${what}: the program writes its JSON to $WINDLASS_RESULT_PATH instead of /airflow/xcom/return.json`);
    return { result: new Code("z.unknown()") };
  },
  kubernetes_conn_id: noted('the workers are configured for a cluster; another one of their kubeconfig is cluster: "name"'),
  config_file: noted("the workers have the kubeconfig"),
  xcom_sidecar_container_image: nothing,
  xcom_sidecar_container_resources: nothing,
  trigger_kwargs: nothing,
  callbacks: noted("write a plugin of the workers: docs/how-to/plugins.md"),
  pod_runtime_info_envs: noted('write env: { NAME: fieldRef("status.podIP") }'),
  // What is always so here, or has no meaning.
  ...Object.fromEntries(
    [
      "in_cluster",
      "reattach_on_restart",
      "deferrable",
      "poll_interval",
      "logging_interval",
      "log_events_on_failure",
      "log_pod_spec_on_failure",
      "base_container_name",
      "random_name_suffix",
      "startup_check_interval_seconds",
      "base_container_status_polling_interval",
      "init_container_logs",
      "istio_enabled",
      "wait_until_ready_timeout",
      "remote_pod",
      "progress_callback",
      "termination_message_policy",
    ].map(name => [name, nothing]),
  ),
};

const ON_FINISH: Readonly<Record<string, Options>> = {
  keep_pod: { onFinish: "keep" },
  delete_succeeded_pod: { onFinish: "deleteSucceeded" },
};

/** A dict, or a list of V1EnvVar. */
function env(value: AirflowValue, turner: Turner, { what, line }: { what: string; line: number }): Options {
  const dict = dictOf(value);
  const pairs: [string, AirflowValue][] =
    dict === undefined
      ? listOf(value).flatMap((one): [string, AirflowValue][] => {
          const { name, value: literal, value_from: from } = tagged(one, "made")?.kwargs ?? dictOf(one) ?? {};
          if (typeof name === "string") return [[name, literal ?? from ?? ""]];
          turner.value(one, what, line);
          return [];
        })
      : Object.entries(dict);
  return {
    env: Object.fromEntries(pairs.map(([name, one]) => [name, variable(name, one, turner, { what: `${what}.${name}`, line })])),
  };
}

function variable(name: string, value: AirflowValue, turner: Turner, { what, line }: { what: string; line: number }): TsValue {
  const turned = turner.words(value, what, line);
  if (typeof turned === "string") {
    if (literalSecret(name, turned) === undefined || turned.includes("{{")) return turned;
    const key = name.toLowerCase().replaceAll("_", "-");
    turner.note(
      line,
      `${what}: looks like a secret; put it under the key "${key}" into a Kubernetes Secret and write that one's name`,
    );
    return new Code(`secret.env("change-me", ${JSON.stringify(key)})`);
  }
  return turned;
}

function envFrom(value: AirflowValue, turner: Turner, { what, line }: { what: string; line: number }): Options {
  return { envFrom: listOf(turner.value(value, what, line) as AirflowValue) as TsValue };
}

const SECRET_FIELDS = ["deploy_type", "deploy_target", "secret", "key", "items"];

/** Secret("env", "SQL_CONN", "airflow-secrets", "sql_alchemy_conn") */
function secret(value: AirflowValue, turner: Turner, { what, line }: { what: string; line: number }): Options {
  const made = tagged(value, "made");
  if (made?.name !== "Secret") {
    turner.value(value, what, line);
    return {};
  }
  const given = { ...Object.fromEntries(made.args.map((one, index) => [SECRET_FIELDS[index]!, one])), ...made.kwargs };
  const { deploy_type: type, deploy_target: target, secret: name, key } = given as Record<string, AirflowValue>;
  const text = (one: AirflowValue | undefined): string => JSON.stringify(one);
  if (type === "volume") {
    const items = typeof key === "string" ? `, items: { ${text(key)}: ${text(key)} }` : "";
    return { mounts: [new Code(`secret.file(${text(name)}, { path: ${text(target)}${items} })`)] };
  }
  if (typeof target !== "string") return { envFrom: [new Code(`secret.envFrom(${text(name)})`)] };
  return { env: { [target]: new Code(`secret.env(${text(name)}, ${text(key ?? target)})`) } };
}

const QUANTITIES = /^(request|limit)_(.+)$/;

/** V1ResourceRequirements, a dict like it, or the classic { "request_memory": "1Gi", "limit_cpu": 1 }. */
function classicResources(value: AirflowValue, turner: Turner, { what, line }: { what: string; line: number }): Options {
  const turned = turner.value(value, what, line);
  if (typeof turned !== "object" || turned === null || Array.isArray(turned)) return {};
  const resources: Record<string, Record<string, TsValue>> = {};
  for (const [name, amount] of Object.entries(turned as Record<string, TsValue>)) {
    const [, kind, resource = ""] = QUANTITIES.exec(name) ?? [];
    if (kind === undefined) resources[name] = textMap(amount) as Record<string, TsValue>;
    else if (amount !== null)
      resources[`${kind}s`] = { ...resources[`${kind}s`], [resource.replaceAll("_", "-")]: String(amount) };
  }
  return { resources };
}

function join(options: Options, more: Options): Options {
  const joined = { ...options };
  for (const [name, value] of Object.entries(more)) {
    const before = joined[name];
    joined[name] = Array.isArray(before)
      ? [...(before as TsValue[]), ...(value as TsValue[])]
      : { ...(before as object), ...(value as object) };
    if (before === undefined) joined[name] = value;
  }
  return joined;
}
