import assert from "node:assert/strict";
import { fuzzSuite } from "../../support/fuzz-suite.ts";

// Not all of it is nonsense: else nothing behind the checks was reached.
fuzzSuite(2_000, 20_261_125, 120_000, ({ statuses }) => assert.ok((statuses.get(200) ?? 0) > 200, JSON.stringify([...statuses])));
