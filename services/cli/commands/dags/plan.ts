import type { TaskPlan } from "#kube/plan/plan-dag.ts";
import { required } from "../../frame/argument.ts";
import { defineCommand } from "../../frame/command.ts";
import { EXIT } from "../../frame/exit-code.ts";
import { flag, text } from "../../frame/option.ts";

export const plan = defineCommand({
  name: "plan",
  summary: "Show what a DAG file would change in the pods, and what the cluster says to each, before anything runs.",
  details:
    "The file is compared with the server's version of the DAG. The cluster is asked by a server-side dry run with your kubeconfig: schema, quotas, policies and webhooks decide, nothing is created. Exits with 1 when a pod would be refused.",
  args: { dag: required("a DAG file, or the id of a DAG of the server", { complete: "file" }) },
  options: {
    dag: text("--dag <id>", "which DAG, of a file with several"),
    namespace: text("-n, --namespace <name>", "where pods live whose task names no namespace"),
    kubeContext: text("--kube-context <name>", "which context of your kubeconfig"),
    noCompare: flag("--no-compare", "do not ask the server for its version"),
    noCluster: flag("--no-cluster", "do not ask the cluster"),
  },
  examples: ["windlass dags plan dags/etl.ts", "windlass dags plan dags/etl.ts --kube-context staging -n jobs"],
  async run({ args, options }, context) {
    const [{ findSpec, isFile, publishedSpec }, { readPodSettings }, { planDag }, { planLines }] = await Promise.all([
      import("../../plan/find-spec.ts"),
      import("../../plan/pod-settings.ts"),
      import("#kube/plan/plan-dag.ts"),
      import("../../plan/plan-lines.ts"),
    ]);
    const spec = await findSpec(args.dag, options.dag, context);
    const settings = await readPodSettings(context.env, options.namespace);
    const compares = isFile(args.dag) && !options.noCompare;
    const before = compares ? await publishedSpec(await context.api(), spec.id) : undefined;
    const plans = await withKube(options, context.env.KUBECONFIG, kube =>
      planDag({ spec, before, settings, signal: context.signal, ...(kube === undefined ? {} : { kube }) }),
    );
    const data = plans.map(({ rendered, problem, ...rest }) => ({
      ...rest,
      ...(rendered === undefined ? {} : { manifest: rendered.manifest }),
      ...(problem === undefined ? {} : { problem: { code: problem.code, message: problem.message } }),
    }));
    const lines = planLines(spec.id, plans, context.io.colours);
    await context.show({ data, rows: plans, columns: [], name: row => row.taskId, lines });
    return plans.some(isRefused) ? EXIT.failed : EXIT.ok;
  },
});

const isRefused = ({ problem, verdict }: TaskPlan): boolean => problem !== undefined || verdict?.accepted === false;

type Kube = Awaited<ReturnType<typeof import("#kube/kube.ts").openKube>>;

async function withKube<T>(
  { noCluster, kubeContext }: { noCluster: boolean; kubeContext: string | undefined },
  kubeconfig: string | undefined,
  use: (kube: Kube | undefined) => Promise<T>,
): Promise<T> {
  if (noCluster) return use(undefined);
  const { openKube } = await import("#kube/kube.ts");
  const kube = await openKube({
    userAgent: "windlass-plan",
    requestTimeoutMs: 10_000,
    retry: { budgetMs: 10_000 },
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(kubeContext === undefined ? {} : { context: kubeContext }),
  });
  try {
    return await use(kube);
  } finally {
    await kube.close();
  }
}
