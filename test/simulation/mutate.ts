import { registerHooks } from "node:module";
import { MUTANTS } from "./mutants.ts";

/** Preloaded into a process of its own: plants the mutant that MUTANT names while its file is loaded. */
const { MUTANT } = process.env;
const mutant = MUTANTS.find(({ name }) => name === MUTANT);
if (mutant === undefined) throw new Error(`no mutant '${MUTANT}'`);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(`/libs/core/${mutant.file}`)) return loaded;
    const source = String(loaded.source);
    if (source.split(mutant.find).length !== 2) throw new Error(`'${mutant.find}' does not stand once in ${mutant.file}`);
    return { ...loaded, source: source.replace(mutant.find, mutant.replace) };
  },
});
