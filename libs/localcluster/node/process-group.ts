import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import type { Stream } from "./container-log.ts";
import type { Guardian } from "./guardian.ts";

export interface Command {
  /** The file that is executed; `argv` starts with the name it is called by. */
  file: string;
  argv: string[];
  cwd: string;
  env: Record<string, string>;
}

export interface Exit {
  /** The exit code, 128 + number for a signal. */
  exitCode: number;
  signal?: number;
}

/** Open output after the leader's end can only belong to a process that left the group; it is not waited for longer than this. */
const OUTPUT_GRACE_MS = 500;

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    // ESRCH: nobody is left in the group, which is what a signal is for.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A command running as the leader of its own process group. It stands for a container: when the leader ends, everybody in the group is killed. */
export class ProcessGroup {
  /** Resolves when the leader has ended and its output is complete. */
  readonly exited: Promise<Exit>;
  readonly #leader: number;
  #killTimer: NodeJS.Timeout | undefined;
  #ended = false;

  private constructor(leader: number, exited: Promise<Exit>) {
    this.#leader = leader;
    this.exited = exited.then(exit => {
      this.#ended = true;
      clearTimeout(this.#killTimer);
      return exit;
    });
  }

  /** Starts the command. Rejects with the error of the system when it cannot be executed. */
  static async start(
    command: Command,
    guardian: Guardian,
    onOutput: (stream: Stream, chunk: Buffer) => void,
  ): Promise<ProcessGroup> {
    const child = spawn(command.file, command.argv.slice(1), {
      argv0: command.argv[0]!,
      cwd: command.cwd,
      env: command.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const leader = child.pid;
    if (leader === undefined) throw await new Promise<Error>(resolve => child.once("error", resolve));
    guardian.started(leader);
    const ended = [read(child.stdout, "stdout", onOutput), read(child.stderr, "stderr", onOutput)];
    const exited = new Promise<Exit>(resolve => {
      child.once("exit", (code, signal) => {
        signalGroup(leader, "SIGKILL");
        guardian.ended(leader);
        const number = signal === null ? undefined : constants.signals[signal];
        const exit = number === undefined ? { exitCode: code ?? 1 } : { exitCode: 128 + number, signal: number };
        const giveUp = setTimeout(() => {
          child.stdout.destroy();
          child.stderr.destroy();
        }, OUTPUT_GRACE_MS);
        void Promise.all(ended).then(() => {
          clearTimeout(giveUp);
          resolve(exit);
        });
      });
    });
    return new ProcessGroup(leader, exited);
  }

  /** SIGTERM now, SIGKILL after the grace. A later call with less grace wins. */
  stop(graceMs: number): void {
    if (this.#ended) return;
    clearTimeout(this.#killTimer);
    this.signal(graceMs > 0 ? "SIGTERM" : "SIGKILL");
    if (graceMs > 0) this.#killTimer = setTimeout(() => this.signal("SIGKILL"), graceMs);
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.#ended) signalGroup(this.#leader, signal);
  }
}

function read(output: Readable, stream: Stream, onOutput: (stream: Stream, chunk: Buffer) => void): Promise<void> {
  output.on("data", (chunk: Buffer) => onOutput(stream, chunk));
  return new Promise(resolve => output.once("close", resolve));
}
