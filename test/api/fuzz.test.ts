import { fuzzSuite } from "../support/fuzz-suite.ts";

const seed = Number(process.env.SEED ?? 1);

fuzzSuite(Number(process.env.FUZZ ?? 100_000), seed, 1_800_000, ({ statuses }) =>
  console.log(`      seed ${seed}: ${JSON.stringify(Object.fromEntries(statuses))}`),
);
