// Lets Node run Windlass' TypeScript where npm has installed it: below node_modules Node itself strips no types.
// `node --import windlass/register …`; in a checkout, or behind a `file:` dependency, it does nothing.
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../", import.meta.url).href;
const isInstalled = ROOT.includes("/node_modules/");
const isOurs = url => url.startsWith(ROOT) && url.endsWith(".ts") && !url.includes("/node_modules/", ROOT.length);

if (isInstalled) {
  // Whoever tests his DAGs need not read with every file that Node calls this an experiment.
  const { emitWarning } = process;
  process.emitWarning = (warning, ...rest) => {
    if (!String(warning).startsWith("stripTypeScriptTypes")) emitWarning.call(process, warning, ...rest);
  };
  registerHooks({
    load(url, context, nextLoad) {
      if (!isOurs(url)) return nextLoad(url, context);
      return { format: "module", source: stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8")), shortCircuit: true };
    },
  });
}
