import { stat } from "node:fs/promises";

/** Differs when the file was written or replaced, also behind a symbolic link, as a mounted Secret is; "absent" when it is not there. */
export async function fileVersion(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(path);
    return `${ino}-${size}-${mtimeMs}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "absent";
    throw error;
  }
}
