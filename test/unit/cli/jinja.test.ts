import assert from "node:assert/strict";
import { parseText } from "#core/template/parse-text.ts";
import { renderText } from "#core/template/render.ts";
import { turnText } from "../../../services/cli/airflow/jinja.ts";

const TURNED: readonly (readonly [airflow: string, windlass: string])[] = [
  ["plain", "plain"],
  ["{{ ds }}", "{{ run.ds }}"],
  ["{{ds}}/{{ ds_nodash }}", "{{ run.ds }}/{{ run.dsNodash }}"],
  ["{{ execution_date }}", "{{ run.logicalDate }}"],
  ["{{ logical_date.isoformat() }}", "{{ run.logicalDate | ts }}"],
  ["{{ data_interval_end.strftime('%Y%m%d') }}", '{{ run.interval.end | format("yyyyMMdd") }}'],
  ["{{ (execution_date + macros.timedelta(hours=3)) }}", "{{ run.logicalDate | addHours(3) }}"],
  ["{{ macros.ds_add(ds, 7) }}", "{{ run.logicalDate | addDays(7) | ds }}"],
  ["{{ params.region }}", "{{ params.region }}"],
  ["{{ dag_run.conf['a b'] }}", '{{ run.conf["a b"] }}'],
  ['{{ dag_run.conf.get("x") }}', "{{ params.x }}"],
  ["{{ dag_run.conf.get('x', 3) }}", "{{ params.x | default(3) }}"],
  ["{{ var.value.bucket }}", "{{ variables.bucket }}"],
  ["{{ var.json.settings['region'] }}", "{{ variables.settings.region }}"],
  ["{{ ti.xcom_pull(task_ids='a') }}", "{{ tasks.a.output }}"],
  ["{{ xcom_pull('load.a')['rows'][0] }}", '{{ tasks["load.a"].output.rows[0] }}'],
  ["{{ ti.xcom_pull(task_ids=['a'], key='n') }}", "{{ tasks.a.output.n }}"],
  ["{{ params.x | default('it') | upper }}", '{{ params.x | default("it") | upper }}'],
  ["{{ params | tojson }}", "{{ params | json }}"],
  ["{{ task_instance.try_number }}", "{{ task.try }}"],
];

describe("turnText", () => {
  for (const [airflow, windlass] of TURNED) {
    it(airflow, () => {
      const { text, lost } = turnText(airflow);
      assert.deepEqual([text, lost], [windlass, []]);
      // What it says can be read.
      parseText(text);
    });
  }

  const LOST: readonly (readonly [airflow: string, why: RegExp])[] = [
    ["{{ conn.db.password }}", /Secrets/],
    ["{{ macros.random() }}", /nothing here/],
    ["{{ ds | my_filter }}", /nothing here/],
    ["{{ execution_date.strftime('%j') }}", /nothing here/],
    ["{% if ds %}x{% endif %}", /statements/],
  ];
  for (const [airflow, why] of LOST) {
    it(`${airflow} stays what it is, and is told`, () => {
      const { text, lost } = turnText(airflow);
      assert.match(lost[0]?.why ?? "", why);
      assert.equal(renderText(text, {}), airflow);
    });
  }
});
