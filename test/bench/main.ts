import { api } from "./api-bench.ts";
import { archive } from "./archive-bench.ts";
import { classifyBench } from "./classify-bench.ts";
import { chainReal, pods } from "./cluster-benches.ts";
import { heldMany, rewatch } from "./crowd-benches.ts";
import { dagSize } from "./dag-size-bench.ts";
import { held } from "./held-bench.ts";
import { live } from "./live-bench.ts";
import { log } from "./log-bench.ts";
import { fan, hop, runs } from "./noop-benches.ts";
import { rest } from "./rest-bench.ts";
import { stepBench } from "./step-bench.ts";

const BENCHES: Readonly<Record<string, () => Promise<object>>> = {
  hop,
  fan,
  runs,
  pods,
  held,
  "held-many": heldMany,
  rewatch,
  live,
  log,
  classify: classifyBench,
  archive,
  api,
  rest,
  "dag-size": dagSize,
  step: stepBench,
  "chain-real": chainReal,
};

const names = process.argv.slice(2).filter(argument => !argument.startsWith("--"));
const unknown = names.filter(name => !(name in BENCHES));
if (names.length === 0 || unknown.length > 0) {
  console.error(`usage: npm run bench -- NAME... [--json]   with NAME one of ${Object.keys(BENCHES).join(", ")}`);
  process.exit(2);
}
for (const name of names) {
  const figures = await BENCHES[name]!();
  if (process.argv.includes("--json")) console.log(JSON.stringify({ bench: name, ...figures }));
  else
    console.log(
      `${name.padEnd(12)}${Object.entries(figures)
        .map(([key, value]) => `${key} ${JSON.stringify(value)}`)
        .join("  ")}`,
    );
}
