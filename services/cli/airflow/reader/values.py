"""What the evaluation of a DAG file may come to: Python's own plain values, and these."""

import datetime


class Code:
    """Something that is known only when Python runs it: its text."""

    def __init__(self, text, line):
        self.text = text
        self.line = line


class Made:
    """An object made by a call that is no task: k8s.V1Volume(...), Secret(...), Dataset(...)."""

    def __init__(self, name, args, kwargs, line):
        self.name = name
        self.args = args
        self.kwargs = kwargs
        self.line = line


class Template:
    """A text that Airflow would evaluate: "{{ var.value.bucket }}"."""

    def __init__(self, text):
        self.text = text


class Dag:
    def __init__(self, args, line):
        self.args = args
        self.line = line
        self.tasks = []
        self.edges = []
        self.group = []


class Group:
    """A TaskGroup: what is edged to it is edged to its ends."""

    def __init__(self, dag, prefix):
        self.dag = dag
        self.prefix = prefix
        self.tasks = []


class Task:
    def __init__(self, dag, operator, args, line, group):
        self.dag = dag
        self.operator = operator
        self.args = args
        self.line = line
        self.id = ".".join([*(part for part in group if part), str(args.get("task_id", "task"))])


class Output:
    """A task's XCom: task.output, task.output["rows"], or what a @task function returns."""

    def __init__(self, task, path=()):
        self.task = task
        self.path = path


class Function:
    def __init__(self, node, kind, args):
        self.node = node
        self.kind = kind
        self.args = args


class Partial:
    """Operator.partial(...), before .expand(...)."""

    def __init__(self, operator, args):
        self.operator = operator
        self.args = args


PLAIN = (str, int, float, bool, type(None))


def to_json(value):
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, (list, tuple, set, range)):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {str(name): to_json(item) for name, item in value.items()}
    if isinstance(value, datetime.timedelta):
        return {"$": "timedelta", "ms": round(value.total_seconds() * 1000)}
    if isinstance(value, datetime.datetime):
        zone = value.tzinfo
        name = getattr(zone, "key", None) or (None if zone is None else "UTC")
        return {"$": "datetime", "iso": value.replace(tzinfo=None).isoformat(), "zone": name}
    if isinstance(value, Template):
        return value.text
    if isinstance(value, Output):
        return {"$": "output", "task": value.task.id, "path": list(value.path)}
    if isinstance(value, Task):
        return {"$": "output", "task": value.id, "path": []}
    if isinstance(value, Made):
        return {"$": "made", "name": value.name.split(".")[-1], "args": to_json(value.args), "kwargs": to_json(value.kwargs), "line": value.line}
    if isinstance(value, Code):
        return {"$": "code", "text": value.text, "line": value.line}
    if isinstance(value, Function):
        return {"$": "code", "text": value.node.name, "line": value.node.lineno}
    return {"$": "code", "text": type(value).__name__, "line": 0}
