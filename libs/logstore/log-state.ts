import { randomUUID } from "node:crypto";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { isAbsent } from "./absent.ts";

/** What stands in a log's state file. */
interface LogState {
  writer: string;
  endedAt?: number;
}

/** Marks the log as this writer's. The returned claim holds until somebody else writes the state. */
export async function claimLog(path: string): Promise<string> {
  await replace(path, { writer: randomUUID() });
  return fingerprint(path);
}

export const holdsClaim = async (path: string, claim: string): Promise<boolean> => (await fingerprint(path)) === claim;

export const markEnded = (path: string, endedAt: number): Promise<void> => replace(path, { writer: "", endedAt });

/** False as well when there is no state yet. */
export async function hasEnded(path: string): Promise<boolean> {
  try {
    return (JSON.parse(await readFile(path, "utf8")) as LogState).endedAt !== undefined;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Whole or not at all: readers never see half a state. */
async function replace(path: string, state: LogState): Promise<void> {
  const next = `${path}.${randomUUID()}`;
  await writeFile(next, `${JSON.stringify(state)}\n`);
  await rename(next, path);
}

/** One stat per flush instead of a read. The inode alone would not do: the next state file may be given a freed one. */
async function fingerprint(path: string): Promise<string> {
  try {
    const { ino, mtimeNs } = await stat(path, { bigint: true });
    return `${ino}:${mtimeNs}`;
  } catch (error) {
    if (isAbsent(error)) return "absent";
    throw error;
  }
}
