#!/usr/bin/env node
// The command "windlass". TypeScript runs as it is from Node 24 on; an older node hands over to the one that npm has installed beside us.
import { spawn } from "node:child_process";
import module from "node:module";
import { fileURLToPath } from "node:url";

/** Of Node's own package from npm; undefined where it is not installed. */
function ownNode() {
  try {
    return module.createRequire(import.meta.url).resolve("node/bin/node");
  } catch {
    return undefined; // said below
  }
}

function handOver(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
  // Ctrl-C reaches the whole process group; what is sent to this process alone is handed on.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.once("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

if (Number(process.versions.node.split(".")[0]) >= 24) {
  // Half of a short command's time would be compiling.
  module.enableCompileCache();
  await import("../../libs/register.mjs");
  await import("./main.ts");
} else {
  const node = ownNode();
  if (node !== undefined) handOver(node);
  else {
    console.error(`error: Windlass needs Node 24 or newer; this is ${process.version}`);
    console.error("  Install it, or put its package beside Windlass: npm i node@24");
    process.exitCode = 2;
  }
}
