"""What calls make: DAGs, tasks, groups, edges, dates, objects of Kubernetes."""

import ast
import datetime

from expressions import METHODS, holds_unknown
from values import Code, Dag, Function, Group, Made, Output, Partial, Task, Template

BUILTINS = {name: getattr(__builtins__, name, None) if not isinstance(__builtins__, dict) else __builtins__[name] for name in (
    "str", "int", "float", "bool", "list", "dict", "tuple", "set", "len", "range", "enumerate", "zip", "sorted", "min", "max", "sum", "reversed", "abs", "round",
)}
EDGES = ("chain", "chain_linear", "cross_downstream")


def zone_of(value):
    if value is None or isinstance(value, datetime.tzinfo):
        return value
    if isinstance(value, str):
        try:
            import zoneinfo

            return zoneinfo.ZoneInfo(value)
        except Exception:
            return datetime.timezone.utc if value.upper() == "UTC" else None
    return None


class Calls:
    """Mixed into the reader."""

    def call(self, node):
        func = node.func
        full = self.full_name(func)
        name = full.split(".")[-1] if full else func.id if isinstance(func, ast.Name) else None
        if full is None and isinstance(func, ast.Attribute):
            return self.call_method(node, self.evaluate(func.value), func.attr)
        args, kwargs = self.arguments(node)
        if isinstance(func, ast.Name) and full is None:
            value = self.evaluate(func)
            if isinstance(value, Function):
                return self.call_function(value, args, kwargs, node)
            if func.id in BUILTINS and not (holds_unknown(args) and func.id not in ("list", "tuple", "len", "enumerate", "zip", "dict")):
                return self.attempt(node, lambda: BUILTINS[func.id](*args, **kwargs))
        if name is None:
            return self.code(node)
        if name in EDGES and full is not None and "airflow" in full:
            return self.draw(name, args, node)
        if name == "partial" and full is not None:
            return Partial(full.split(".")[-2], kwargs)
        if name == "DAG":
            return self.make_dag(args, kwargs, node)
        if name == "TaskGroup":
            return self.make_group(args, kwargs)
        made = self.make_value(full or name, args, kwargs, node)
        if made is not None:
            return made
        if name.endswith(("Operator", "Sensor")) or name.endswith(("OperatorAsync", "SensorAsync")):
            return self.make_task(name, kwargs, node)
        return Made(full or name, args, kwargs, node.lineno) if full is not None else self.code(node)

    def arguments(self, node):
        args = []
        for arg in node.args:
            value = self.evaluate(arg.value if isinstance(arg, ast.Starred) else arg)
            if isinstance(arg, ast.Starred) and isinstance(value, (list, tuple)):
                args.extend(value)
            else:
                args.append(value)
        kwargs = {}
        for keyword in node.keywords:
            value = self.evaluate(keyword.value)
            if keyword.arg is not None:
                kwargs[keyword.arg] = value
            elif isinstance(value, dict):
                kwargs.update(value)
            else:
                self.note(node, "**%s is not known without running the file: left out" % self.code(keyword.value).text)
        return args, kwargs

    def make_value(self, full, args, kwargs, node):
        """Dates, variables and whatever else is a value; None: it is none."""
        name = full.split(".")[-1]
        if name == "timedelta" and not holds_unknown([args, kwargs]):
            return self.attempt(node, lambda: datetime.timedelta(*args, **kwargs))
        if name == "duration" and "pendulum" in full:
            return self.attempt(node, lambda: datetime.timedelta(**kwargs))
        if full in ("datetime.datetime", "pendulum.datetime", "pendulum.DateTime", "airflow.utils.timezone.datetime"):
            tz = kwargs.pop("tz", kwargs.pop("tzinfo", "UTC" if "pendulum" in full or "airflow" in full else None))
            return self.attempt(node, lambda: datetime.datetime(*args, **kwargs, tzinfo=zone_of(tz)))
        if name in ("timezone", "ZoneInfo", "Timezone") and args and isinstance(args[0], str):
            return zone_of(args[0])
        if name == "days_ago":
            return Made("days_ago", args, kwargs, node.lineno)
        if full.endswith("Variable.get"):
            key = args[0] if args else kwargs.get("key")
            scope = "json" if kwargs.get("deserialize_json") is True else "value"
            default = kwargs.get("default_var", kwargs.get("default", args[1] if len(args) > 1 else None))
            piped = "" if default is None or not isinstance(default, (str, int, float, bool)) else " | default(%r)" % default
            return Template("{{ var.%s.%s%s }}" % (scope, key, piped)) if isinstance(key, str) else self.code(node)
        if full in ("os.environ.get", "os.getenv"):
            default = args[1] if len(args) > 1 else kwargs.get("default")
            self.note(node, "%s: the DAG file sees no environment; %s" % (self.code(node).text, "its default was taken" if isinstance(default, str) else "write the value"))
            return default if isinstance(default, str) else self.code(node)
        return None

    def call_method(self, node, owner, name):
        args, kwargs = self.arguments(node)
        if isinstance(owner, Partial) and name == "expand":
            return self.make_task(owner.operator, {**owner.args, "task_id": owner.args.get("task_id", "mapped"), "$expand": kwargs}, node)
        if isinstance(owner, Function) and owner.kind == "task" and name in ("expand", "partial", "override"):
            if name == "override":
                return Function(owner.node, "task", {**owner.args, **kwargs})
            self.note(node, "%s.%s(): write it with d.map over the list" % (owner.node.name, name))
            return self.call_function(owner, [], kwargs, node) if name == "expand" else owner
        if name in ("set_downstream", "set_upstream") and args:
            first, second = (owner, args[0]) if name == "set_downstream" else (args[0], owner)
            self.edge(first, second, node)
            return None
        if isinstance(owner, list) and name in ("append", "extend", "insert") and args:
            getattr(owner, name)(*args)
            return None
        if isinstance(owner, dict) and name in ("update", "setdefault") and not isinstance((args or [None])[0], Code):
            return getattr(owner, name)(*args, **kwargs)
        for kind, methods in METHODS.items():
            if isinstance(owner, kind) and name in methods:
                return self.code(node) if kind is str and holds_unknown([args, kwargs]) else self.attempt(node, lambda: getattr(owner, name)(*args, **kwargs))
        return self.code(node)

    def call_function(self, function, args, kwargs, node):
        if function.kind == "task":
            return self.make_function_task(function, args, kwargs, node)
        if function.kind == "task_group":
            group = self.make_group([function.args.get("group_id", function.node.name)], {})
            self.enter(group)
            try:
                self.run_body(function, args, kwargs)
            finally:
                self.leave()
            return group
        if function.kind == "dag":
            dag = self.make_dag([], {"dag_id": function.node.name, **function.args}, function.node)
            self.enter(dag)
            try:
                self.run_body(function, args, kwargs)
            finally:
                self.leave()
            return dag
        if len(self.names) > 20:
            return self.code(node)
        return self.run_body(function, args, kwargs)

    def run_body(self, function, args, kwargs):
        names = [arg.arg for arg in function.node.args.args]
        defaults = function.node.args.defaults
        scope = {name: self.evaluate(value) for name, value in zip(names[len(names) - len(defaults):], defaults)}
        scope.update({arg.arg: self.evaluate(value) for arg, value in zip(function.node.args.kwonlyargs, function.node.args.kw_defaults) if value is not None})
        scope.update(zip(names, args))
        if function.node.args.vararg is not None:
            scope[function.node.args.vararg.arg] = args[len(names):]
        known = {*names, *(arg.arg for arg in function.node.args.kwonlyargs)}
        scope.update({name: value for name, value in kwargs.items() if name in known})
        if function.node.args.kwarg is not None:
            scope[function.node.args.kwarg.arg] = {name: value for name, value in kwargs.items() if name not in known}
        self.names.append(scope)
        try:
            return self.run(function.node.body)
        finally:
            self.names.pop()

    def make_dag(self, args, kwargs, node):
        names = ("dag_id", "description", "schedule")
        dag = Dag({**dict(zip(names, args)), **kwargs}, node.lineno)
        self.dags.append(dag)
        return dag

    def make_group(self, args, kwargs):
        dag = kwargs.get("dag") or self.dag()
        prefix = kwargs.get("group_id", args[0] if args else "group")
        return Group(dag, "" if kwargs.get("prefix_group_id") is False else str(prefix))

    def make_task(self, operator, kwargs, node):
        dag = kwargs.pop("dag", None)
        dag = dag if isinstance(dag, Dag) else self.dag()
        if dag is None:
            self.note(node, "%s belongs to no DAG: left out" % operator)
            return self.code(node)
        group = kwargs.pop("task_group", None)
        path = [group.prefix] if isinstance(group, Group) else [one.prefix for one in self.groups()]
        task = Task(dag, operator, kwargs, node.lineno, path)
        taken = {other.id for other in dag.tasks}
        if task.id in taken and operator == "@task":
            # Airflow counts the calls of one function.
            count = 1
            while "%s__%d" % (task.id, count) in taken:
                count += 1
            task.id = "%s__%d" % (task.id, count)
        dag.tasks.append(task)
        for one in [group] if isinstance(group, Group) else self.groups():
            one.tasks.append(task)
        for up in outputs_in(kwargs):
            self.edge(up.task, task, node)
        return task

    def make_function_task(self, function, args, kwargs, node):
        given = {"task_id": function.node.name, **function.args, "$function": function.node.name, "$given": [*args, *kwargs.values()]}
        return self.make_task("@task", given, node)

    def draw(self, name, args, node):
        if name == "cross_downstream":
            self.edge(args[0], args[1], node)
            return None
        for before, after in zip(args, args[1:]):
            if isinstance(before, (list, tuple)) and isinstance(after, (list, tuple)) and name == "chain":
                for up, down in zip(before, after):
                    self.edge(up, down, node)
            else:
                self.edge(before, after, node)
        return None


def outputs_in(value):
    if isinstance(value, Task):
        return [Output(value)]
    if isinstance(value, Output):
        return [value]
    if isinstance(value, dict):
        return [found for item in value.values() for found in outputs_in(item)]
    if isinstance(value, (list, tuple)):
        return [found for item in value for found in outputs_in(item)]
    return []
