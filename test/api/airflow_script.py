"""Uses Windlass as scripts use Airflow: with apache-airflow-client. Prints what it got, as one JSON object.

usage: airflow_script.py HOST USERNAME PASSWORD
"""

import json
import sys
import time
import urllib.request
from datetime import datetime, timezone

import airflow_client.client as airflow
from airflow_client.client.exceptions import ApiException

HOST, USERNAME, PASSWORD = sys.argv[1:]
DAG = "shop"
RUN = "manual__2026-01-31T06:00:00+00:00"
DEADLINE_S = 60


def log_in():
    body = json.dumps({"username": USERNAME, "password": PASSWORD}).encode()
    request = urllib.request.Request(f"{HOST}/auth/token", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as response:
        assert response.status == 201
        return json.load(response)["access_token"]


def refused(call):
    """Status, and whether the client understood the answer's detail."""
    try:
        call()
    except ApiException as error:
        return [error.status, json.loads(error.body)["detail"] != "" if error.body else False]
    return None


def ended(runs, run):
    until = time.monotonic() + DEADLINE_S
    while time.monotonic() < until:
        state = runs.get_dag_run(DAG, run).state
        if state in ("success", "failed"):
            return state
        time.sleep(0.1)
    raise TimeoutError(f"run {run} did not end")


def instances(tasks, run):
    found = tasks.get_task_instances(DAG, run)
    return found.total_entries, [[one.task_id, one.map_index, one.state and one.state.value, one.try_number] for one in found.task_instances]


def main():
    configuration = airflow.Configuration(host=HOST, access_token=log_in())
    with airflow.ApiClient(configuration) as client:
        dags = airflow.DAGApi(client)
        runs = airflow.DagRunApi(client)
        tasks = airflow.TaskInstanceApi(client)
        said = {}

        said["version"] = airflow.VersionApi(client).get_version().version
        said["scheduler"] = airflow.MonitorApi(client).get_health().scheduler.status

        page = dags.get_dags(tags=["demo"], order_by=["dag_id"])
        said["dags"] = [page.total_entries, [dag.dag_id for dag in page.dags], page.dags[0].is_paused]
        said["details"] = dags.get_dag_details(DAG).params["country"]["value"]

        body = airflow.TriggerDAGRunPostBody(
            dag_run_id=RUN,
            logical_date=datetime(2026, 1, 31, 6, tzinfo=timezone.utc),
            conf={"country": "FR"},
            note="by a script",
        )
        triggered = runs.trigger_dag_run(DAG, body)
        said["triggered"] = [triggered.dag_run_id, triggered.conf, triggered.run_type.value, triggered.note]
        said["again"] = refused(lambda: runs.trigger_dag_run(DAG, body))
        wrong = airflow.TriggerDAGRunPostBody(conf={"country": 1})
        said["wrong conf"] = refused(lambda: runs.trigger_dag_run(DAG, wrong))

        said["ended"] = ended(runs, RUN)
        said["instances"] = instances(tasks, RUN)
        said["listed"] = [run.dag_run_id for run in runs.get_dag_runs(DAG, state=["failed"], limit=10).dag_runs]
        said["everywhere"] = [run.dag_run_id for run in runs.get_dag_runs("~", order_by=["-run_after"]).dag_runs]
        said["mapped"] = [one.map_index for one in tasks.get_mapped_task_instances(DAG, RUN, "load").task_instances]
        said["tries"] = [[one.try_number, one.state.value] for one in tasks.get_task_instance_tries(DAG, RUN, "check").task_instances]

        log = tasks.get_log(DAG, RUN, "list", 1)
        said["log"] = [one.event for one in log.content.actual_instance]
        said["token"] = log.continuation_token
        accept = {"Accept": "application/x-ndjson"}
        lines = tasks.get_log_without_preload_content(DAG, RUN, "list", 1, _headers=accept).read().decode().splitlines()
        said["lines"] = [json.loads(line)["event"] for line in lines]

        said["result"] = airflow.XComApi(client).get_xcom_entry(DAG, "list", RUN, "return_value").actual_instance.value

        clear = {"dag_run_id": RUN, "task_ids": [airflow.ClearTaskInstancesBodyTaskIdsInner("check")], "only_failed": True}
        dry = tasks.post_clear_task_instances(DAG, airflow.ClearTaskInstancesBody(**clear))
        said["would clear"] = [dry.total_entries, runs.get_dag_run(DAG, RUN).state.value]
        tasks.post_clear_task_instances(DAG, airflow.ClearTaskInstancesBody(**clear, dry_run=False))
        said["after clear"] = [ended(runs, RUN), instances(tasks, RUN)[1][-1]]
        cleared = runs.clear_dag_run(DAG, RUN, airflow.DAGRunClearBody(dry_run=False)).actual_instance
        said["cleared"] = [cleared.dag_run_id, ended(runs, RUN), instances(tasks, RUN)[1][0]]

        patched = runs.patch_dag_run(DAG, RUN, airflow.DAGRunPatchBody(state="success", note="fine"))
        said["marked"] = [patched.state.value, patched.note]

        said["paused"] = [dags.patch_dag(DAG, airflow.DAGPatchBody(is_paused=paused)).is_paused for paused in (True, False)]
        said["unknown"] = refused(lambda: dags.get_dag("nope"))
        said["absent"] = refused(lambda: airflow.ConnectionApi(client).get_connections())

    print(json.dumps(said))


main()
