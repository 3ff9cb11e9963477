import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { WindlassError } from "#core/errors.ts";
import type { Environment } from "#runtime/config.ts";

const Profile = z.strictObject({ url: z.url(), token: z.string().optional() });
export type Profile = z.infer<typeof Profile>;

const ProfilesFile = z.strictObject({
  /** The one that is used when none is named. */
  current: z.string().optional(),
  profiles: z.record(z.string(), Profile),
});
export type ProfilesFile = z.infer<typeof ProfilesFile>;

const DEFAULT_URL = "http://127.0.0.1:8080";

/** WINDLASS_PROFILES, else below XDG_CONFIG_HOME, else ~/.config/windlass/profiles.json. */
export const profilesPath = (env: Environment): string =>
  env.WINDLASS_PROFILES || join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), ".config"), "windlass", "profiles.json");

/** Nothing is stored yet: an empty file. @throws WL_CLI_PROFILE when the file is broken */
export function readProfiles(env: Environment): ProfilesFile {
  const path = profilesPath(env);
  try {
    return ProfilesFile.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { profiles: {} };
    throw new WindlassError("WL_CLI_PROFILE", `${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** Replaces the file as a whole; only its owner may read it, because it holds tokens. */
export function writeProfiles(env: Environment, file: ProfilesFile): void {
  const path = profilesPath(env);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(beside, path);
}

interface Wanted {
  env: Environment;
  /** --url */
  url?: string | undefined;
  /** --profile */
  profile?: string | undefined;
}

/**
 * Which server, and as whom: --url, then --profile, then WINDLASS_URL, then WINDLASS_PROFILE, then the current profile, then the server on
 * this machine. WINDLASS_TOKEN wins over a profile's token; a profile's token goes to that profile's server only.
 * @throws WL_CLI_PROFILE when the named profile is not there
 */
export function chooseServer({ env, url, profile }: Wanted): Profile {
  const stored = readProfiles(env);
  const direct = url ?? (profile === undefined ? env.WINDLASS_URL || undefined : undefined);
  const name = profile ?? (env.WINDLASS_PROFILE || stored.current);
  const known = name === undefined ? undefined : stored.profiles[name];
  if (known === undefined && (profile !== undefined || (direct === undefined && name !== undefined)))
    throw new WindlassError("WL_CLI_PROFILE", `there is no profile '${name}'`);
  const chosen = direct ?? known?.url ?? DEFAULT_URL;
  if (!z.url({ protocol: /^https?$/ }).safeParse(chosen).success)
    throw new WindlassError("WL_CLI_USAGE", `'${chosen}' is no address such as ${DEFAULT_URL}`);
  const own = known !== undefined && new URL(known.url).origin === new URL(chosen).origin ? known.token : undefined;
  const token = env.WINDLASS_TOKEN || own;
  return { url: chosen, ...(token === undefined ? {} : { token }) };
}
