"""Evaluates the expressions that DAG files are written in. What cannot be known without running the file becomes Code."""

import ast
import operator

from values import Code, Dag, Group, Made, Output, Partial, Task, Template

BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitOr: operator.or_,
}
COMPARE = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
# Methods of plain values that change nothing.
METHODS = {
    str: {"format", "join", "upper", "lower", "strip", "lstrip", "rstrip", "split", "replace", "startswith", "endswith", "title", "zfill"},
    dict: {"items", "keys", "values", "get", "copy"},
    list: {"copy", "index", "count"},
}
UNKNOWN = (Code, Made, Template, Output, Task, Dag, Group, Partial)


def holds_unknown(value):
    if isinstance(value, (list, tuple, set)):
        return any(holds_unknown(item) for item in value)
    if isinstance(value, dict):
        return any(holds_unknown(item) for item in value.values())
    return isinstance(value, UNKNOWN)


class Expressions:
    """Mixed into the reader, which has `names` (a stack of scopes), `source`, `note`, `call` and `edge`."""

    def code(self, node):
        return Code(ast.get_source_segment(self.source, node) or "?", getattr(node, "lineno", 0))

    def evaluate(self, node):
        method = getattr(self, "on_" + type(node).__name__.lower(), None)
        return self.code(node) if method is None else method(node)

    def on_constant(self, node):
        return self.code(node) if isinstance(node.value, (bytes, complex, type(...))) else node.value

    def on_name(self, node):
        for scope in reversed(self.names):
            if node.id in scope:
                return scope[node.id]
        return self.code(node)

    def on_list(self, node):
        items = []
        for item in node.elts:
            if isinstance(item, ast.Starred):
                value = self.evaluate(item.value)
                items.extend(value if isinstance(value, (list, tuple)) else [self.code(item)])
            else:
                items.append(self.evaluate(item))
        return items

    def on_tuple(self, node):
        return tuple(self.on_list(node))

    def on_set(self, node):
        return self.on_list(node)

    def on_dict(self, node):
        made = {}
        for key, item in zip(node.keys, node.values):
            value = self.evaluate(item)
            if key is None:
                if isinstance(value, dict):
                    made.update(value)
                else:
                    self.note(item, "**%s is not known without running the file: left out" % self.code(item).text)
                continue
            name = self.evaluate(key)
            made[name if isinstance(name, (str, int, float, bool)) else self.code(key).text] = value
        return made

    def on_joinedstr(self, node):
        parts = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                parts.append(part.value)
                continue
            value = self.evaluate(part.value)
            if isinstance(value, Template):
                parts.append(value.text)
            elif isinstance(value, (Task, Output)):
                parts.append(template_of(value))
            elif holds_unknown(value):
                return self.code(node)
            else:
                spec = "" if part.format_spec is None else self.evaluate(part.format_spec)
                convert = {115: str, 114: repr}.get(part.conversion, lambda same: same)
                parts.append(format(convert(value), spec if isinstance(spec, str) else ""))
        text = "".join(parts)
        return text

    def on_unaryop(self, node):
        value = self.evaluate(node.operand)
        if holds_unknown(value):
            return self.code(node)
        return {ast.USub: operator.neg, ast.Not: operator.not_, ast.UAdd: operator.pos}.get(type(node.op), lambda _: self.code(node))(value)

    def on_binop(self, node):
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if isinstance(node.op, ast.RShift):
            self.edge(left, right, node)
            return right
        if isinstance(node.op, ast.LShift):
            self.edge(right, left, node)
            return right
        if isinstance(node.op, (ast.Add, ast.Mod)) and isinstance(left, str) and isinstance(right, (Template, Output, Task)):
            if isinstance(node.op, ast.Add):
                return left + template_of(right)
        if isinstance(node.op, ast.Add) and isinstance(left, Template) and isinstance(right, str):
            return left.text + right
        both_lists = isinstance(left, (list, tuple)) and isinstance(right, (list, tuple))
        compute = BINARY.get(type(node.op))
        if compute is None or (not both_lists and (holds_unknown(left) or holds_unknown(right))):
            return self.code(node)
        return self.attempt(node, lambda: compute(left, right))

    def on_compare(self, node):
        left, rights = self.evaluate(node.left), [self.evaluate(item) for item in node.comparators]
        # Whether there is a task at all is known, whatever becomes of it.
        if None in rights and isinstance(left, (Task, Dag, Group)) and isinstance(node.ops[0], (ast.Is, ast.IsNot, ast.Eq, ast.NotEq)):
            return isinstance(node.ops[0], (ast.IsNot, ast.NotEq))
        if holds_unknown(left) or any(holds_unknown(item) for item in rights):
            return self.code(node)
        result = True
        for op, right in zip(node.ops, rights):
            result = result and COMPARE[type(op)](left, right)
            left = right
        return result

    def on_boolop(self, node):
        values = [self.evaluate(item) for item in node.values]
        if any(isinstance(value, Code) for value in values):
            return self.code(node)
        is_and = isinstance(node.op, ast.And)
        for value in values:
            if bool(value) != is_and:
                return value
        return values[-1]

    def on_ifexp(self, node):
        test = self.evaluate(node.test)
        return self.code(node) if isinstance(test, Code) else self.evaluate(node.body if test else node.orelse)

    def on_subscript(self, node):
        value, index = self.evaluate(node.value), self.evaluate(node.slice)
        if isinstance(value, Task):
            value = Output(value)
        if isinstance(value, Output) and isinstance(index, (str, int)):
            return Output(value.task, (*value.path, index))
        if isinstance(value, (Code, Made)) or isinstance(index, Code):
            return self.code(node)
        return self.attempt(node, lambda: value[index])

    def on_slice(self, node):
        ends = [None if end is None else self.evaluate(end) for end in (node.lower, node.upper, node.step)]
        return self.code(node) if any(isinstance(end, Code) for end in ends) else slice(*ends)

    def on_attribute(self, node):
        full = self.full_name(node)
        if full is not None and full.split(".")[-2:-1] == ["TriggerRule"]:
            return node.attr.lower()
        if full is not None and full.split(".")[-2:-1] == ["WeightRule"]:
            return node.attr.lower()
        if full is not None and full.split(".")[-2:-1] == ["OnFinishAction"]:
            return node.attr.lower()
        if full in ("datetime.timezone.utc", "airflow.utils.timezone.utc", "pendulum.UTC"):
            import datetime

            return datetime.timezone.utc
        value = self.evaluate(node.value) if full is None else None
        if isinstance(value, Task):
            return Output(value) if node.attr == "output" else value.id if node.attr == "task_id" else self.code(node)
        if isinstance(value, Dag) and node.attr == "dag_id":
            return value.args.get("dag_id")
        return self.code(node)

    def on_call(self, node):
        return self.call(node)

    def on_lambda(self, node):
        return self.code(node)

    def on_listcomp(self, node):
        made = []
        if not self.comprehend(node.generators, lambda: made.append(self.evaluate(node.elt))):
            return self.code(node)
        return made

    on_generatorexp = on_listcomp
    on_setcomp = on_listcomp

    def on_dictcomp(self, node):
        made = {}

        def add():
            made[self.evaluate(node.key)] = self.evaluate(node.value)

        return made if self.comprehend(node.generators, add) else self.code(node)

    def comprehend(self, generators, body):
        if not generators:
            body()
            return True
        first, *more = generators
        items = self.iterate(self.evaluate(first.iter))
        if items is None:
            return False
        self.names.append({})
        try:
            for item in items:
                self.bind(first.target, item)
                tests = [self.evaluate(test) for test in first.ifs]
                if any(isinstance(test, Code) for test in tests):
                    return False
                if all(tests) and not self.comprehend(more, body):
                    return False
        finally:
            self.names.pop()
        return True

    def iterate(self, value):
        """The items of a value, or None where they are not known."""
        if isinstance(value, (list, tuple, set, range, str)):
            return list(value)
        if isinstance(value, dict):
            return list(value)
        return list(value) if type(value).__name__ in ("dict_items", "dict_keys", "dict_values", "enumerate", "zip") else None

    def attempt(self, node, compute):
        try:
            return compute()
        except Exception:  # whatever Python says to it, it is known only when it runs
            return self.code(node)

    def full_name(self, node):
        """ "kubernetes.client.models.V1Volume" for k8s.V1Volume; None for what was not imported."""
        if isinstance(node, ast.Name):
            return self.imports.get(node.id)
        if isinstance(node, ast.Attribute):
            above = self.full_name(node.value)
            return None if above is None else above + "." + node.attr
        return None


def template_of(value):
    if isinstance(value, Template):
        return value.text
    output = value if isinstance(value, Output) else Output(value)
    path = "".join("[%r]" % step for step in output.path)
    return "{{ ti.xcom_pull(task_ids='%s')%s }}" % (output.task.id, path)
