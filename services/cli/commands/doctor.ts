import { WindlassError } from "#core/errors.ts";
import { CHECK_NAMES, type CheckName, type Finding } from "../doctor/finding.ts";
import { defineCommand } from "../frame/command.ts";
import { EXIT } from "../frame/exit-code.ts";
import { list, text } from "../frame/option.ts";
import { oneOf } from "../input/one-of.ts";
import { type Colour, paint } from "../output/colours.ts";

const MARKS: Readonly<Record<Finding["state"], { mark: string; colour: Colour }>> = {
  ok: { mark: "✔", colour: "green" },
  note: { mark: "!", colour: "yellow" },
  wrong: { mark: "✘", colour: "red" },
  skipped: { mark: "·", colour: "gray" },
};

export const doctorCommand = defineCommand({
  name: "doctor",
  summary: "Check what an installation rests on: Node, Redis, the cluster, each right of a worker, clocks, ports.",
  details:
    "It reads the variables that the services read. Each thing that is wrong comes with what to do about it, and ends in exit code 1.",
  args: {},
  options: {
    only: list("--only <check>", `one of ${CHECK_NAMES.join(", ")}; may be given more than once`),
    skip: list("--skip <check>", "leave this check out"),
    as: text("--as <user>", "whose rights are judged: system:serviceaccount:windlass:windlass-worker"),
    namespace: text("-n, --namespace <name>", "namespace of task pods, instead of WINDLASS_NAMESPACE"),
  },
  examples: ["windlass doctor", "windlass doctor --only rights --as system:serviceaccount:windlass:windlass-worker -n windlass"],
  async run({ options: { only, skip, as, namespace } }, context) {
    const chosen = only.length === 0 ? CHECK_NAMES : only.map(name => oneOf(name, CHECK_NAMES));
    const left = new Set(skip.map(name => oneOf(name, CHECK_NAMES)));
    const checks = new Set<CheckName>(chosen.filter(name => !left.has(name)));
    if (checks.size === 0) throw new WindlassError("WL_CLI_USAGE", "no check is left");
    const { examine } = await import("../doctor/examine.ts");
    const findings = await examine(checks, { as, namespace }, context);
    const lines = findings.flatMap(({ check, state, sentence, fix }) => {
      const { mark, colour } = MARKS[state];
      const head = `${mark} ${check.padEnd(8)}`;
      return [
        `${context.io.colours ? paint(head, colour) : head} ${sentence}`,
        ...(fix === undefined ? [] : [`           → ${fix}`]),
      ];
    });
    await context.show({ data: findings, rows: findings, columns: [], name: ({ check, state }) => `${check} ${state}`, lines });
    return findings.some(({ state }) => state === "wrong") ? EXIT.failed : EXIT.ok;
  },
});
