// run-fn.ts where Windlass may lie below node_modules.
import "../../libs/register.mjs";

await import("./run-fn.ts");
