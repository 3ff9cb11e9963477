import { WindlassError } from "#core/errors.ts";
import { required } from "../../frame/argument.ts";
import { defineCommand } from "../../frame/command.ts";
import type { Context } from "../../frame/context.ts";
import { text } from "../../frame/option.ts";
import { TASK } from "../run-argument.ts";

export const render = defineCommand({
  name: "render",
  summary: "Write the pod of a task as YAML; behind every value stands the layer that set it.",
  details:
    "Of the server's DAGs the pod is the one that its workers would send. Of a file what workers add is taken from the variables that they read: WINDLASS_NAMESPACE, WINDLASS_INSTANCE, WINDLASS_POD_TEMPLATE, WINDLASS_PLUGINS. `{{ … }}` stands where a run puts a value.",
  args: { dag: required("a DAG file, or the id of a DAG of the server", { complete: "dag" }), task: TASK },
  options: {
    dag: text("--dag <id>", "which DAG, of a file with several"),
    namespace: text("-n, --namespace <name>", "of a file: where the pod lives if its task names no namespace"),
  },
  examples: ["windlass tasks render dags/etl.ts load", "windlass tasks render etl load -o json | jq .spec.containers"],
  async run({ args, options }, context) {
    const { isFile } = await import("../../plan/find-spec.ts");
    const render = isFile(args.dag) ? renderFile : renderOnServer;
    const { manifest, yaml } = await render(args, options, context);
    // With its provenance YAML is what this command is for, whichever way it is asked for.
    if (context.format === "yaml") return context.io.out(`${yaml.trimEnd()}\n`);
    const name = String(manifest.metadata?.name);
    await context.show({ data: manifest, rows: [name], columns: [], name: row => row, lines: yaml.trimEnd().split("\n") });
  },
});

interface Rendered {
  manifest: { metadata?: { name?: unknown } };
  yaml: string;
}

interface Wanted {
  dag: string;
  task: string;
}

interface RenderOptions {
  dag: string | undefined;
  namespace: string | undefined;
}

async function renderFile(
  { dag: file, task }: Wanted,
  { dag: dagId, namespace }: RenderOptions,
  context: Context,
): Promise<Rendered> {
  const [{ readDagFile }, { readPodSettings }, { renderManifest, renderYaml }] = await Promise.all([
    import("../../dags-test/read-dag-file.ts"),
    import("../../plan/pod-settings.ts"),
    import("#kube/plan/render-manifest.ts"),
  ]);
  const spec = await readDagFile(file, { dagId, signal: context.signal });
  const settings = await readPodSettings(context.env, namespace);
  return { manifest: renderManifest(spec, task, settings).manifest, yaml: renderYaml(spec, task, settings) };
}

async function renderOnServer({ dag: dagId, task }: Wanted, _options: RenderOptions, context: Context): Promise<Rendered> {
  const [{ renderDag }, api] = await Promise.all([import("../../../dashboard/routes/render-dag.ts"), context.api()]);
  const { pods, caveats } = await api.call(renderDag, { params: { dagId }, query: { taskId: task } });
  for (const caveat of caveats) context.io.say(`note: ${caveat}`);
  const [pod] = pods;
  if (pod?.manifest === undefined || pod.yaml === undefined)
    throw new WindlassError("WL_TASK_UNKNOWN", pod?.problem ?? `DAG '${dagId}' has no task '${task}' with a pod`);
  return { manifest: pod.manifest, yaml: pod.yaml };
}
