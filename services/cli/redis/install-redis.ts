import { spawnSync } from "node:child_process";

/** How a package manager installs Redis, in the order they are looked for. */
const MANAGERS = [
  {
    program: "apt-get",
    commands: [
      ["apt-get", "update", "-qq"],
      ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "redis-server"],
    ],
    root: true,
  },
  { program: "dnf", commands: [["dnf", "install", "-y", "-q", "redis"]], root: true },
  { program: "apk", commands: [["apk", "add", "--quiet", "redis"]], root: true },
  { program: "brew", commands: [["brew", "install", "--quiet", "redis"]], root: false },
] as const;

const has = (program: string): boolean => spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;

/**
 * Installs Redis with this machine's package manager when that needs no password.
 * @param say told beforehand what is about to happen
 * @returns undefined when it worked, else the line a person can type
 */
export function installRedis(say: (line: string) => void): string | undefined {
  const manager = MANAGERS.find(({ program }) => has(program));
  if (manager === undefined) return "install redis-server 6.2 or newer (or valkey-server) and put it on PATH, or set REDIS_URL";
  const isRoot = process.getuid?.() === 0;
  const sudo = manager.root && !isRoot ? ["sudo", "-n"] : [];
  const typed = manager.commands
    .map(command => [...(manager.root && !isRoot ? ["sudo"] : []), ...command].join(" "))
    .join(" && ");
  if (sudo.length > 0 && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status !== 0) return typed;
  say(`Redis is not on this machine; installing it: ${typed}`);
  for (const command of manager.commands) {
    const [program, ...args] = [...sudo, ...command];
    const result = spawnSync(program!, args, {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      timeout: 300_000,
    });
    if (result.status !== 0) return typed;
  }
  return undefined;
}
