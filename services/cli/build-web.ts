import { existsSync, globSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const WEB = fileURLToPath(new URL("../dashboard/web", import.meta.url));
const ENTRY = join(WEB, "dist/index.html");

/**
 * Builds the pages when they are missing or older than what they are made of. An installation without the build tools serves what it has, and
 * so does one whose pages have a mistake in them: everything else works without them.
 */
export async function ensureWeb(say: (line: string) => void): Promise<void> {
  if (isFresh()) return;
  const vite = await import("vite").catch(() => undefined);
  if (vite === undefined) {
    if (!existsSync(ENTRY)) say("The pages are not built and vite is not installed: the API works, the pages do not.");
    return;
  }
  say("Building the pages ...");
  try {
    await vite.build({ root: WEB, configFile: join(WEB, "vite.config.ts"), logLevel: "error" });
  } catch (error) {
    say(`The pages were not built: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isFresh(): boolean {
  if (!existsSync(ENTRY)) return false;
  const builtAt = statSync(ENTRY).mtimeMs;
  const sources = globSync("**/*.{ts,tsx,css,html,svg,js}", { cwd: WEB, exclude: path => path === "dist" });
  return sources.every(file => statSync(join(WEB, file)).mtimeMs <= builtAt);
}
