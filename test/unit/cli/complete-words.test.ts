import assert from "node:assert/strict";
import { type Asked, completeWords } from "../../../services/cli/completion/complete-words.ts";
import { required } from "../../../services/cli/frame/argument.ts";
import { type CommandGroup, defineCommand } from "../../../services/cli/frame/command.ts";
import { choice, flag, text } from "../../../services/cli/frame/option.ts";

const logs = defineCommand({
  name: "logs",
  summary: "",
  args: { run: required("", { complete: "run" }), task: required("", { complete: "task" }) },
  options: {
    follow: flag("-f, --follow", ""),
    dag: text("-d, --dag <id>", "", { complete: "dag" }),
    order: choice("--order <order>", "", ["oldest", "newest"]),
  },
  async run() {},
});
const list = defineCommand({ name: "list", summary: "", args: {}, options: {}, async run() {} });
const doctor = defineCommand({ name: "doctor", summary: "", args: {}, options: {}, async run() {} });
const group = (name: string, commands: Awaited<ReturnType<CommandGroup["load"]>>, hidden = false): CommandGroup => ({
  name,
  summary: "",
  heading: "",
  hidden,
  load: async () => commands,
});
const GROUPS = [group("runs", [logs, list]), group("doctor", doctor), group("__complete", doctor, true)];

describe("completeWords", () => {
  const table: readonly (readonly [line: string, words: readonly string[], asked?: Asked])[] = [
    ["", ["runs", "doctor"]],
    ["d", ["doctor"]],
    ["runs ", ["logs", "list"]],
    ["runs li", ["list"]],
    ["nothing ", []],
    ["runs logs ", ["X~1", "Y~1"], { kind: "run", before: [] }],
    ["runs logs X", ["X~1"], { kind: "run", before: [] }],
    ["runs logs X~1 ", ["X~1", "Y~1"], { kind: "task", before: ["X~1"] }],
    ["runs logs -f X~1 ", ["X~1", "Y~1"], { kind: "task", before: ["X~1"] }],
    ["runs logs --dag ", ["X~1", "Y~1"], { kind: "dag", before: [] }],
    ["runs logs -d etl Y", ["Y~1"], { kind: "run", before: [] }],
    ["runs logs --order n", ["newest"]],
    ["runs logs --fo", ["--follow"]],
    ["runs logs --out", ["--output"]],
    ["runs list -o j", ["json"]],
    ["runs list ", []],
    ["doctor --pro", ["--profile"]],
  ];
  for (const [line, words, expected] of table) {
    it(`windlass ${line}|`, async () => {
      let asked: Asked | undefined;
      const lookUp = async (question: Asked) => {
        asked = question;
        return ["X~1", "Y~1"];
      };
      assert.deepEqual(await completeWords(line.split(" "), GROUPS, lookUp), words);
      assert.deepEqual(asked, expected);
    });
  }
});
