import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REFERENCE_PAGES } from "./reference-pages.ts";

/** Writes docs/reference/: `node services/cli/docs.ts`. A test fails when a page is behind the code. */
const dir = join(import.meta.dirname, "../../docs/reference");
mkdirSync(dir, { recursive: true });
for (const [file, page] of Object.entries(REFERENCE_PAGES)) writeFileSync(join(dir, file), page());
