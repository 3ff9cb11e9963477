"""Reads an Airflow DAG file without running it and prints its shape as JSON: python3 read_dag.py FILE"""

import ast
import json
import sys

from calls import Calls
from expressions import Expressions
from values import Code, Dag, Function, Group, Output, Task, to_json


class Returned(Exception):
    def __init__(self, value):
        super().__init__()
        self.value = value


class Reader(Expressions, Calls):
    def __init__(self, source):
        self.source = source
        self.names = [{}]
        self.imports = {}
        self.dags = []
        self.notes = []
        self.entered = []

    def note(self, node, text):
        said = {"line": getattr(node, "lineno", 0), "text": text}
        if said not in self.notes:
            self.notes.append(said)

    def dag(self):
        inside = [one for one in self.entered if isinstance(one, Dag)]
        return inside[-1] if inside else None

    def groups(self):
        return [one for one in self.entered if isinstance(one, Group)]

    def enter(self, value):
        self.entered.append(value)

    def leave(self):
        self.entered.pop()

    def run(self, body):
        try:
            for statement in body:
                self.statement(statement)
        except Returned as returned:
            return returned.value
        return None

    def statement(self, node):
        method = getattr(self, "do_" + type(node).__name__.lower(), None)
        if method is not None:
            method(node)
        elif not isinstance(node, (ast.Pass, ast.Global)):
            self.note(node, "left out: %s" % (ast.get_source_segment(self.source, node) or "").split("\n")[0])

    def do_import(self, node):
        for alias in node.names:
            self.imports[alias.asname or alias.name.split(".")[0]] = alias.name if alias.asname else alias.name.split(".")[0]

    def do_importfrom(self, node):
        for alias in node.names:
            self.imports[alias.asname or alias.name] = "%s.%s" % (node.module or "", alias.name)

    def do_expr(self, node):
        self.evaluate(node.value)

    def do_assign(self, node):
        value = self.evaluate(node.value)
        for target in node.targets:
            self.bind(target, value)

    def do_annassign(self, node):
        if node.value is not None:
            self.bind(node.target, self.evaluate(node.value))

    def do_augassign(self, node):
        self.bind(node.target, self.evaluate(ast.copy_location(ast.BinOp(node.target, node.op, node.value), node)))

    def bind(self, target, value):
        if isinstance(target, ast.Name):
            self.imports.pop(target.id, None)
            self.names[-1][target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            items = list(value) if isinstance(value, (list, tuple)) else [self.code(target)] * len(target.elts)
            for one, item in zip(target.elts, items):
                self.bind(one, item)
        elif isinstance(target, ast.Subscript):
            owner, key = self.evaluate(target.value), self.evaluate(target.slice)
            if isinstance(owner, (dict, list)) and not isinstance(key, Code):
                owner[key] = value
        elif isinstance(target, ast.Attribute):
            owner = self.evaluate(target.value)
            if isinstance(owner, (Task, Dag)):
                owner.args[target.attr] = value

    def do_with(self, node):
        entered = 0
        for item in node.items:
            value = self.evaluate(item.context_expr)
            if isinstance(value, (Dag, Group)):
                self.enter(value)
                entered += 1
            else:
                self.note(node, "with %s: its effect is not known" % self.code(item.context_expr).text)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, value)
        for statement in node.body:
            self.statement(statement)
        for _ in range(entered):
            self.leave()

    def do_for(self, node):
        items = self.iterate(self.evaluate(node.iter))
        if items is None:
            return self.note(node, "the loop over %s is not known without running the file: left out" % self.code(node.iter).text)
        for item in items:
            self.bind(node.target, item)
            for statement in node.body:
                self.statement(statement)

    def do_if(self, node):
        if "__name__" in (ast.get_source_segment(self.source, node.test) or ""):
            return
        test = self.evaluate(node.test)
        if isinstance(test, Code):
            return self.note(node, "if %s: not known without running the file; the whole statement is left out" % test.text)
        for statement in node.body if test else node.orelse:
            self.statement(statement)

    def do_try(self, node):
        for statement in node.body:
            self.statement(statement)

    def do_return(self, node):
        raise Returned(None if node.value is None else self.evaluate(node.value))

    def do_functiondef(self, node):
        kind, args = "plain", {}
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = (self.full_name(called) or (called.id if isinstance(called, ast.Name) else "")).split(".")
            found = next((one for one in ("task_group", "dag", "task") if one in name), None)
            if found is None:
                continue
            kind = found
            if isinstance(decorator, ast.Call):
                given, args = self.arguments(decorator)
                if found == "dag" and given:
                    args["dag_id"] = given[0]
        self.imports.pop(node.name, None)
        self.names[-1][node.name] = Function(node, kind, args)

    do_asyncfunctiondef = do_functiondef

    def do_classdef(self, node):
        self.note(node, "class %s: left out" % node.name)

    def edge(self, before, after, node):
        for up in self.ends(before, node, last=True):
            for down in self.ends(after, node, last=False):
                if up.dag is down.dag and (up.id, down.id) not in up.dag.edges:
                    up.dag.edges.append((up.id, down.id))

    def ends(self, value, node, last):
        if isinstance(value, (list, tuple)):
            return [end for item in value for end in self.ends(item, node, last)]
        if isinstance(value, Task):
            return [value]
        if isinstance(value, Output):
            return [value.task]
        if isinstance(value, Group):
            ids = {task.id for task in value.tasks}
            inside = [(up, down) for up, down in value.dag.edges if up in ids and down in ids]
            taken = {up for up, _ in inside} if last else {down for _, down in inside}
            return [task for task in value.tasks if task.id not in taken]
        if value is not None:
            self.note(node, "an edge to or from %s: not known, left out" % (value.text if isinstance(value, Code) else type(value).__name__))
        return []

    def shape(self):
        return {
            "dags": [
                {
                    "line": dag.line,
                    "args": to_json(dag.args),
                    "tasks": [{"id": task.id, "operator": task.operator, "line": task.line, "args": to_json(task.args)} for task in dag.tasks],
                    "edges": dag.edges,
                }
                for dag in self.dags
            ],
            "notes": self.notes,
        }


def main(path):
    with open(path, encoding="utf-8") as file:
        source = file.read()
    try:
        tree = ast.parse(source, path)
    except SyntaxError as error:
        print(json.dumps({"error": {"line": error.lineno, "text": error.msg}}))
        return
    reader = Reader(source)
    reader.run(tree.body)
    print(json.dumps(reader.shape()))


main(sys.argv[1])
