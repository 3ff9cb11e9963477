import assert from "node:assert/strict";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { DagSpec } from "#core/dag-spec.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import { type ImportedFile, importAirflow } from "../../../services/cli/airflow/import-airflow.ts";
import { importAirflowCommand } from "../../../services/cli/commands/import-airflow.ts";
import { loadDagFile } from "../../../services/scheduler/dag-source/dag-loader.ts";
import { edgesOf } from "../../support/dag-of.ts";
import { runCommand } from "../../support/run-command.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures/airflow");
const signal = new AbortController().signal;

/** What has to come out of a file. */
interface Expected {
  edges?: readonly string[];
  /** Fields of the DAG, by id where there are several. */
  dag?: Readonly<Record<string, unknown>>;
  dags?: readonly string[];
  /** Fields of tasks, by id; of a pod task those of the pod beside the others. */
  tasks?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Each fits one of the notes. */
  notes?: readonly RegExp[];
}

const EXPECTED: Readonly<Record<string, Expected>> = {
  kubernetes_sample: {
    edges: ["run_this_first>failing-task", "run_this_first>passing-task"],
    dag: { schedule: { everyMs: 600_000 }, dataInterval: true, catchup: false },
    tasks: {
      run_this_first: { operator: "empty" },
      "passing-task": {
        image: "Python:3.6",
        command: ["Python", "-c"],
        args: ["print('hello world')"],
        labels: { foo: "bar" },
        name: "passing-test",
      },
      "failing-task": { image: "ubuntu:1604", namespace: "default" },
    },
    notes: [/start_date/, /catchup: it was on by default/],
  },
  secrets_volumes: {
    dag: { startAt: Date.UTC(2020, 11, 31, 23), timezone: "Europe/Berlin", tags: ["example", "k8s"] },
    tasks: {
      task: {
        env: {
          SQL_CONN: { secret: "airflow-secrets", key: "sql_alchemy_conn" },
          ENV: "prod",
          RETRIES: "3",
          DB_PASSWORD: { secret: "change-me", key: "db-password" },
        },
        envFrom: [
          { secretRef: { name: "airflow-secrets-2" } },
          { configMapRef: { name: "test-configmap-1" } },
          { prefix: "X_", secretRef: { name: "more" } },
        ],
        mounts: [
          {
            path: "/etc/sql_conn",
            source: { secret: { secretName: "airflow-secrets", items: [{ key: "sql_alchemy_conn", path: "sql_alchemy_conn" }] } },
          },
        ],
        volumes: [{ name: "test-volume", persistentVolumeClaim: { claimName: "test-volume" } }],
        volumeMounts: [{ name: "test-volume", mountPath: "/root/mount_file", readOnly: true }],
        resources: { requests: { memory: "64Mi", cpu: "0.25" }, limits: { memory: "128Mi", cpu: "1", "nvidia.com/gpu": "1" } },
        tolerations: [{ key: "gpu", operator: "Exists", effect: "NoSchedule", tolerationSeconds: 60 }],
        imagePullSecrets: [{ name: "unnamed" }, { name: "regcred" }],
        securityContext: { runAsUser: 1_000, fsGroup: 2_000 },
        labels: { foo: "bar", n: "3" },
        startTimeoutMs: 600_000,
        onFinish: "deleteSucceeded",
        terminationGracePeriodSeconds: 60,
      },
    },
    notes: [/DB_PASSWORD: looks like a secret/],
  },
  chain_and_lists: {
    edges: ["a>b", "a>c", "b>d", "b>f", "c>d", "c>g", "d>e", "e>h", "f>h", "g>h"],
    dag: { schedule: { cron: ["30 6 * * 1-5"] }, catchup: true, maxActiveRuns: 3 },
  },
  loops: {
    edges: ["eu", "us"].flatMap(region =>
      ["customers", "orders"].flatMap(table => [
        `extract_${table}_${region}>load_${table}_${region}`,
        `load_${table}_${region}>done`,
      ]),
    ),
    tasks: {
      load_customers_us: {
        image: "registry.example/etl:1.4",
        args: ["--step", "load", "--table", "us.customers", "--part", "1"],
        env: { WEIGHT: "2", LIST: "orders,customers", NAME: "customers-4" },
      },
      done: { operator: "empty", triggerRule: "all_done" },
    },
  },
  templates: {
    edges: ["extract>load"],
    dag: { schedule: { cron: ["0 0 * * *"] } },
    tasks: {
      extract: {
        image: "etl:{{ variables.etl_version }}",
        retry: { retries: 3, delayMs: 30_000, backoff: "exponential", maxDelayMs: 3_600_000, jitter: 0 },
      },
      load: {
        args: ["{{ tasks.extract.output.rows }}", "{{ tasks.extract.output | json }}"],
        timeoutMs: 5_400_000,
        pool: "db",
        priority: 5,
      },
    },
    notes: [/conn.db.password stays a text/, /macros.random\(\)/, /WINDLASS_RESULT_PATH/],
  },
  task_groups: {
    edges: [
      "load.extract>load.inner.one",
      "load.extract>load.inner.two",
      "load.inner.one>mail",
      "load.inner.two>mail",
      "mail>end",
      "start>load.extract",
    ],
  },
  factory: {
    edges: ["run>test", "test>docs"],
    tasks: {
      test: { command: ["dbt"], args: ["test", "--select", "marts"], namespace: "jobs", onFinish: "keep", retry: { retries: 2 } },
      docs: { args: ["docs", "--select", "all"] },
    },
  },
  trigger_rules: {
    edges: ["alarm>end", "clean>end", "old>end", "work>alarm", "work>clean", "work>old"],
    dag: {
      schedule: { everyMs: 21_600_000 },
      endAt: Date.UTC(2024, 0, 1, 12, 30),
      runTimeoutMs: 18_000_000,
      owner: "data",
      description: "All kinds of ends",
    },
    tasks: {
      work: { queue: "gpu", dependsOnPast: true, retry: { skipOn: [99] } },
      clean: { triggerRule: "all_done" },
      alarm: { triggerRule: "one_failed" },
      old: { triggerRule: "none_failed_min_one_success" },
      end: { triggerRule: "none_failed" },
    },
    notes: [/on_failure_callback: callbacks are notices/, /sla: deadlines/],
  },
  mixed_operators: {
    edges: ["bash>trigger", "branch>bash", "latest>wait", "pause>ping", "ping>python", "python>branch", "wait>pause"],
    tasks: {
      latest: { operator: "latestOnly" },
      wait: {
        operator: "wait",
        for: { kind: "run", dag: "other", task: "done", offsetMs: 3_600_000 },
        timeoutMs: 3_600_000,
        everyMs: 60_000,
      },
      pause: { operator: "wait", for: { kind: "time", afterMs: 300_000 } },
      bash: { command: ["bash", "-c", "echo {{ run.ds }} && date"], env: { A: "1" } },
      trigger: { operator: "trigger", dag: "downstream", conf: { day: "{{ run.ds }}" }, wait: true },
      python: { operator: "pod", retry: { retries: 2 } },
    },
    notes: [
      /PythonOperator has no counterpart/,
      /BranchPythonOperator has no counterpart/,
      /HttpSensor has no counterpart/,
      /choose an image/,
    ],
  },
  taskflow: {
    edges: ["extract>load", "extract>transform", "load>publish.announce", "transform>load", "transform>publish.announce"],
    tasks: {
      load: { args: ["--rows", "{{ tasks.transform.output }}", "--table", "{{ tasks.extract.output.table }}"] },
      transform: { retry: { retries: 2 }, result: {} },
    },
    notes: [/extract: its XCom is read/],
  },
  two_dags: { dags: ["producer", "consumer"] },
  generated_dags: { dags: ["team_sales", "team_stock"] },
  classic_resources: {
    dag: { schedule: { once: true } },
    tasks: {
      train: {
        resources: { requests: { memory: "1Gi", cpu: "500m" }, limits: { memory: "2Gi", cpu: "1" } },
        nodeSelector: { gpu: "true" },
        envFrom: [{ configMapRef: { name: "settings" } }, { configMapRef: { name: "flags" } }],
        env: { TOKEN: { secret: "ml-token", key: "token" } },
        imagePullSecrets: [{ name: "regcred" }, { name: "other" }],
        cluster: "gpu-cluster",
        logs: false,
        hostNetwork: true,
      },
    },
    notes: [/days_ago/, /pod_template_file: copy the YAML file/],
  },
  unknowable: {
    edges: ["start>copy"],
    tasks: { start: { image: "etl:fallback", args: ["--home", "--now"] } },
    notes: [
      /ETL_IMAGE.*its default was taken/,
      /schedule: os.environ\["SCHEDULE"\] is known only when Python runs it/,
      /the loop over TABLES/,
      /S3CopyObjectOperator has no counterpart/,
      /^if Variable.get/,
      /strange.teleport: there is no such option/,
    ],
  },
  mapped_and_params: {
    edges: ["mapped>own", "own>script"],
    tasks: {
      own: { args: ["clean", "{{ params.region }}"] },
      script: { args: [`\nimport sys\nprint(f"{sys.argv} \`x\` \${1}")\n`] },
    },
    notes: [/mapped: .*d\.map/],
  },
  reserved_names: {
    edges: ["1st>load-data", "delete>run", "delete>secret", "load-data>load_data", "load_data>secret", "run>1st"],
    dag: { id: "reserved.names-1", maxActiveTasks: 4, owner: "ml" },
  },
};

describe("windlass import-airflow", () => {
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "windlass-airflow-"));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  async function turned(name: string): Promise<ImportedFile & { dags: readonly DagSpec[] }> {
    const made = await importAirflow(join(FIXTURES, `${name}.py`), { signal });
    const file = join(dir, `${name}.ts`);
    writeFileSync(file, made.text);
    const { dags, error } = await loadDagFile(file, dir, signal);
    assert.equal(error?.message, undefined, made.text);
    return { ...made, dags };
  }

  it("is tested on every file that was written for it, at least 15", () => {
    const files = globSync("*.py", { cwd: FIXTURES }).map(file => basename(file, ".py"));
    assert.ok(files.length >= 15);
    assert.deepEqual(files.sort(), Object.keys(EXPECTED).sort());
  });

  for (const [name, { edges, dag = {}, dags, tasks = {}, notes = [] }] of Object.entries(EXPECTED)) {
    it(`${name}.py loads, and is what it was`, async () => {
      const made = await turned(name);
      const [first] = made.dags;
      assert.deepEqual(
        made.dags.map(({ id }) => id),
        dags ?? [dag.id ?? name],
      );
      if (edges !== undefined) assert.deepEqual(edgesOf(first!), edges.toSorted());
      assert.deepEqual(picked(first!, Object.keys(dag)), dag);
      for (const [id, fields] of Object.entries(tasks)) {
        const task = first!.tasks.find(one => one.id === id);
        assert.ok(task, `there is a task ${id}`);
        assert.deepEqual(picked(flat(task, fields), Object.keys(fields)), fields, id);
      }
      for (const note of notes)
        assert.ok(
          made.notes.some(({ text }) => note.test(text)),
          `${note} in\n${made.notes.map(one => one.text).join("\n")}`,
        );
      for (const { line } of made.notes) assert.ok(line > 0, "a note has a line");
    });
  }

  it("the DAGs of two_dags.py hang on each other's assets", async () => {
    const [producer, consumer] = (await turned("two_dags")).dags;
    assert.deepEqual(producer!.tasks[0]!.outlets, ["s3://lake/orders", "s3://lake/users"]);
    assert.deepEqual(consumer!.schedule, { assets: { all: ["s3://lake/orders", "s3://lake/users"] } });
  });

  it("what was not turned fails when it runs", async () => {
    const { dags } = await turned("mixed_operators");
    const python = flat(dags[0]!.tasks.find(({ id }) => id === "python")!, {});
    assert.match(String((python.command as string[])[2]), /^raise SystemExit\(/);
  });

  it("writes a file, once, and tells the notes", async () => {
    const out = join(dir, "written.ts");
    const args = ["import-airflow", join(FIXTURES, "factory.py"), "--out", out];
    const first = await runCommand(importAirflowCommand, args);
    assert.equal(first.exitCode, 0, first.said.join("\n"));
    assert.match(first.said[0] ?? "", /factory\.py:14: dataInterval/);
    assert.match(readFileSync(out, "utf8"), /d\.chain\(run2, test, docs\)/);
    assert.equal((await runCommand(importAirflowCommand, args)).exitCode, 2, "a file that is there stays");
    assert.equal((await runCommand(importAirflowCommand, [...args, "--force"])).exitCode, 0);
  });

  it("says what is wrong with what is no Airflow file", async () => {
    const wrong = join(dir, "wrong.py");
    writeFileSync(wrong, "from airflow import DAG\nwith DAG( as dag:\n");
    await assert.rejects(importAirflow(wrong, { signal }), { code: "WL_AIRFLOW_IMPORT", place: { file: wrong, line: 2 } });
    const empty = join(dir, "empty.py");
    writeFileSync(empty, "print('hello')\n");
    await assert.rejects(importAirflow(empty, { signal }), /there is no DAG/);
    await assert.rejects(importAirflow(empty, { signal, python: "no-such-python" }), /there is no no-such-python here/);
  });

  it("runs nothing of the file", async () => {
    const trap = join(dir, "trap");
    const file = join(dir, "trap.py");
    writeFileSync(
      file,
      `import os\nfrom airflow import DAG\nfrom airflow.operators.empty import EmptyOperator\nopen(${JSON.stringify(trap)}, "w").write("ran")\nos.system("touch ${trap}")\nwith DAG("d", schedule=None) as dag:\n    EmptyOperator(task_id="a")\n`,
    );
    await importAirflow(file, { signal });
    assert.equal(existsSync(trap), false);
  });
});

/** A pod task's fields with those of its pod; of its retries only those that are asked for. */
function flat(task: TaskSpec, asked: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { pod = {}, ...fields } = task as TaskSpec & { pod?: object };
  const retry = picked(task.retry, Object.keys((asked.retry as object | undefined) ?? {}));
  return { ...pod, ...fields, retry };
}

const picked = (from: object, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.map(name => [name, (from as Record<string, unknown>)[name]]));
