// read-credentials.ts where Windlass may lie below node_modules.
import "../register.mjs";

await import("./read-credentials.ts");
