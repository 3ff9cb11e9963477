import assert from "node:assert/strict";
import { errorLine } from "../../../services/dashboard/web/log/error-line.ts";

describe("errorLine", () => {
  const table: readonly (readonly [what: string, lines: readonly string[], expected: string | undefined])[] = [
    [
      "Python's last line of a traceback",
      ["Traceback (most recent call last):", '  File "a.py"', "ValueError: no rows", "done"],
      "ValueError: no rows",
    ],
    [
      "what Python raised, whatever its name",
      [
        "Traceback (most recent call last):",
        '  File "a.py", line 1',
        "    f()",
        "UniqueViolation: duplicate key",
        "DETAIL:  error here",
      ],
      "UniqueViolation: duplicate key",
    ],
    [
      "a class of a module",
      ["psycopg2.errors.UniqueViolation: x", "sqlalchemy.exc.IntegrityError: duplicate key"],
      "sqlalchemy.exc.IntegrityError: duplicate key",
    ],
    ["Java", ["java.lang.NullPointerException: x", "\tat a.B.c(B.java:1)"], "java.lang.NullPointerException: x"],
    ["Go", ["starting", "panic: runtime error", "goroutine 1 [running]:"], "panic: runtime error"],
    ["a level", ["INFO a", "ERROR could not obtain lock", "INFO b"], "ERROR could not obtain lock"],
    ["a shell", ["sh: foo: not found"], "sh: foo: not found"],
    ["the last of several", ["error: a", "error: b"], "error: b"],
    ["nothing that says why", ["hello", "world"], undefined],
  ];
  for (const [what, lines, expected] of table) it(what, () => assert.equal(lines[errorLine(lines) ?? -1], expected));
});
