import { POD_LAYERS } from "#core/pod/pod-layers.ts";
import { PROTECTED_FIELDS } from "#core/pod/protected-fields.ts";
import { OPERATOR_BESIDES, OPERATOR_PARAMETERS, type OperatorParameter, PARAMETER_TESTS } from "./operator-parameters.ts";

const GUIDE = `# The pod of a task

<!-- Written by \`node services/cli/docs.ts\` from services/cli/operator-parameters.ts and libs/core/pod. -->

\`d.pod(id, options)\` takes Kubernetes' fields under Kubernetes' names. A field that Kubernetes does not know is refused when the file is loaded, with
file, line and "did you mean"; what only the cluster can judge is refused when the pod is created, and the message says which layer set the field and
on which line.

\`\`\`ts
import { configMap, dag, fieldRef, secret, serviceAccountToken } from "windlass";

export default dag("nightly", { podDefaults: { spec: { priorityClassName: "batch" } } }, d => {
  d.pod("train", {
    image: "registry.example/train:1.4",
    env: { DB_PASSWORD: secret.env("db", "password"), LEVEL: configMap.env("settings", "level"), NODE: fieldRef("spec.nodeName") },
    envFrom: [secret.envFrom("aws", "AWS_")],
    mounts: [
      secret.file("tls", { path: "/etc/tls", items: { "tls.key": "key.pem" }, mode: 0o400 }),
      serviceAccountToken({ audience: "vault", path: "/var/run/vault/token" }),
      { path: "/data", source: { persistentVolumeClaim: { claimName: "models" } } },
      { path: "/vault", source: { csi: { driver: "secrets-store.csi.k8s.io", readOnly: true, volumeAttributes: { secretProviderClass: "db" } } } },
    ],
    resources: { requests: { cpu: "2", memory: "4Gi" }, limits: { memory: "8Gi", "nvidia.com/gpu": "1" } },
    initContainers: [{ name: "fetch", image: "registry.example/fetch:2", env: { TOKEN: secret.env("hub", "token") } }],
    sidecars: [{ name: "proxy", image: "registry.example/proxy:3" }],
    podOverride: pod => {
      pod.spec.containers[0]!.stdin = true;
      return pod;
    },
  });
});
\`\`\`

## Layers

A pod is laid together from these, lowest first; a higher one wins.

| layer | what it is |
| --- | --- |
${Object.entries(POD_LAYERS)
  .map(([name, text]) => `| \`${name}\` | ${text} |`)
  .join("\n")}

Each is merged as \`kubectl patch --type=strategic\` does: maps by key; containers, volumes, variables, mounts, ports and host aliases one by one, by the
name (path, number, address) that tells them apart; other lists as a whole; \`null\` removes, and so does \`{ name: "x", $patch: "delete" }\` in a list. Two
things are better here: the lower layer's order is kept and new items come last, and a volume or variable that gets another source loses the old one.
The task's container is called \`main\`. A function as \`podOverride\` runs once, when the file is loaded, and is kept as a patch.

The installation's template is a YAML file with a Pod, or any part of one, that \`WINDLASS_POD_TEMPLATE\` of the workers names, for example from a ConfigMap that
is mounted into them. A mistake in it ends the worker at its start, with file and line.

The defaults fit PodSecurity \`restricted\` for every container: not root (user 65532), no privileges, no capabilities, no service account token, no service
variables, requests of 100m CPU and 128Mi. An image that insists on root needs \`securityContext: { runAsNonRoot: false, runAsUser: 0 }\`, and a
namespace that allows it.

A single pod (\`POST /api/v1/runs\`) takes the same options as JSON, with \`result\` as a JSON Schema; its \`podOverride\` may set what the other
options can say, and no more. An unknown option is answered with 422 and a pointer to it.

## A run's override

Whoever starts a run of a DAG may change its pods for this run, as far as the installation allows it: \`WINDLASS_RUN_OVERRIDES\` of the dashboard names the
options, \`resources,nodeSelector,env\` for example. Without it none is allowed, and the request is refused with 403. \`"*"\` is every pod task; a task's own
entry wins over it, option by option.

\`\`\`bash
curl -X POST http://127.0.0.1:8080/api/v1/dags/nightly/runs -H 'content-type: application/json' \\
  -d '{"override": {"train": {"resources": {"limits": {"memory": "16Gi"}}}, "*": {"nodeSelector": {"pool": "spare"}}}}'
\`\`\`

## Fields that are Windlass' own

A layer that sets one is refused, with the field and the layer in the message.

| field | why |
| --- | --- |
${PROTECTED_FIELDS.map(({ field, because }) => `| \`${field}\` | ${because} |`).join("\n")}

## Secrets

| | in | the container has |
| --- | --- | --- |
| \`secret.env("name", "key")\`, or short \`secret("name", "key")\` | \`env\` | one key as a variable; \`{ optional: true }\` starts without it |
| \`secret.envFrom("name", "PREFIX_")\` | \`envFrom\` | every key as a variable |
| \`secret.file("name", { path, items, mode, optional })\` | \`mounts\` | keys as files, which follow changes of the Secret |

\`configMap.env\`, \`.envFrom\` and \`.file\` are the same for ConfigMaps. Over HTTP a variable is \`{ "secret": "name", "key": "key" }\`.

A secret is a reference; its value is read by the kubelet on the node. It never enters Windlass: not Redis, not a job, not a log, not an answer of the API.
A literal value is part of the DAG's version, and nowhere else. A literal that looks like a secret, in \`env\`, \`args\` or \`command\` of any container, is
refused; \`plain(value)\` lets it pass. The worker's Role has no right to read Secrets.

## Before anything runs

\`\`\`ts
renderYaml(spec, "train", settings);                           // the manifest; a comment behind every value names its layer
await planDag({ spec, before: lastSpec, settings, kube });     // all pods of the DAG: what changed, and the cluster's verdict on each
\`\`\`

The verdict is a server-side dry run: schema, quotas, limit ranges, PodSecurity and every webhook are asked, and nothing is created.

## Coming from KubernetesPodOperator

Every parameter, what does its work here, and the test that shows it.
`;

const line = ({ parameter, ours, test }: OperatorParameter): string => {
  const [file] = PARAMETER_TESTS[test];
  return `| \`${parameter}\` | ${ours.replaceAll("|", "\\|")} | [${test}](../../${file}) |`;
};

const table = (title: string, rows: readonly OperatorParameter[]): string =>
  `### ${title}\n\n| parameter | here | test |\n| --- | --- | --- |\n${rows.map(line).join("\n")}\n`;

/** docs/reference/pod-task.md: what a pod task can say, for people. */
export const podTaskPage = (): string =>
  [
    GUIDE,
    ...Object.entries(OPERATOR_PARAMETERS).map(([title, rows]) => table(title, rows)),
    table("Besides", OPERATOR_BESIDES),
  ].join("\n");
