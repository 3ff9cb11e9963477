import { mkdirSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import type { Container, Pod } from "../pod.ts";
import { expand } from "./container-env.ts";
import type { Image } from "./images.ts";
import { PathMap } from "./path-map.ts";
import type { Command } from "./process-group.ts";
import { isExecutable } from "./tool-path.ts";

/** The container cannot be started; the message is what containerd says. */
export class StartError extends Error {
  override readonly name = "StartError";

  constructor(why: string) {
    super(
      `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: ${why}: unknown`,
    );
  }
}

const SYSTEM_ERRORS: Record<string, string> = {
  EACCES: "permission denied",
  ENOENT: "no such file or directory",
  E2BIG: "argument list too long",
  ENOEXEC: "exec format error",
};

/** Any failure to start a container, in the words of a runtime. */
export function startError(error: unknown, { command, image }: Container): StartError {
  if (error instanceof StartError) return error;
  const { code } = error as NodeJS.ErrnoException;
  return new StartError(`"${command?.[0] ?? image}": ${SYSTEM_ERRORS[code ?? ""] ?? String(error)}`);
}

interface Launch {
  pod: Pod;
  container: Container;
  image: Image;
  env: Record<string, string>;
  /** The container's own directory on this machine: its working directory and HOME. */
  directory: string;
  /** The file that stands for terminationMessagePath. */
  messageFile: string;
  /** Container path → path on this machine. */
  mounts: Record<string, string>;
}

/** Directories of an image that hold its tools; a command given by such a path means the tool of that name. */
const TOOL_DIRECTORIES = ["/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin"];

/** What has to be executed for a container. Throws {@link StartError} when its image has no such command. */
export function commandOf({ pod, container, image, env, directory, messageFile, mounts }: Launch): Command {
  const paths = new PathMap({ ...mounts, [container.terminationMessagePath ?? "/dev/termination-log"]: messageFile });
  const inside = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, paths.rewrite(value)]));
  const write = (text: string): string => paths.rewrite(expand(text, env));
  const has = (tool: string): boolean => isExecutable(join(image.path, tool));
  const args = container.args?.map(write);
  const argv = container.command?.length
    ? [...container.command.map(write), ...(args ?? [])]
    : image.entrypoint(args?.length ? args : image.command, has);
  const cwd = workingDirectory(container.workingDir ?? "", directory, paths);
  return {
    file: executableOf(argv[0]!, image.path, cwd),
    argv,
    cwd,
    env: {
      HOME: directory,
      HOSTNAME: (pod.spec.hostname ?? pod.metadata.name).slice(0, 63),
      TERMINATION_MESSAGE_PATH: messageFile,
      ...inside,
      PATH: image.path,
    },
  };
}

function workingDirectory(asked: string, directory: string, paths: PathMap): string {
  const mapped = paths.rewrite(asked);
  const cwd = mapped === asked ? join(directory, asked) : mapped;
  mkdirSync(cwd, { recursive: true });
  return cwd;
}

function executableOf(name: string, path: string, cwd: string): string {
  if (!name.includes("/")) {
    const file = join(path, name);
    if (name !== "" && isExecutable(file)) return file;
    throw new StartError(`"${name}": executable file not found in $PATH`);
  }
  if (isAbsolute(name) && TOOL_DIRECTORIES.includes(dirname(name))) {
    const file = join(path, basename(name));
    if (isExecutable(file)) return file;
    throw new StartError(`"${name}": stat ${name}: no such file or directory`);
  }
  const file = resolve(cwd, name);
  if (isExecutable(file)) return file;
  throw new StartError(`"${name}": stat ${name}: no such file or directory`);
}
