import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Writable } from "node:stream";

/** Reads who lives; when its input ends without "close", its parent is dead: it kills all groups and removes the directory. */
const SCRIPT = `
trap '' HUP INT TERM
living=" "
while read -r verb id; do
  case $verb in
    start) living="$living$id " ;;
    end) living="\${living%% $id *} \${living#* $id }" ;;
    close) exit 0 ;;
  esac
done
for id in $living; do kill -s KILL -- "-$id"; done
if [ -n "$1" ]; then rm -rf -- "$1"; fi
`;

/**
 * A small shell beside this process that outlives it just long enough to end its containers: also after a SIGKILL nothing runs on.
 * Started with the first container.
 */
export class Guardian {
  readonly #directory: string;
  #input: Writable | undefined;

  /** @param temporaryDirectory removed too, when this process dies; "" for none */
  constructor(temporaryDirectory: string) {
    this.#directory = temporaryDirectory;
  }

  /** A process group lives. */
  started(leader: number): void {
    this.#input ??= this.#spawn();
    this.#input.write(`start ${leader}\n`);
  }

  /** It has ended; its number may soon be somebody else's. */
  ended(leader: number): void {
    this.#input?.write(`end ${leader}\n`);
  }

  /** Everything has been ended in order. */
  close(): void {
    this.#input?.end("close\n");
    this.#input = undefined;
  }

  #spawn(): Writable {
    const shell = spawn("/bin/sh", ["-c", SCRIPT, "windlass-local-guardian", this.#directory], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    shell.unref();
    (shell.stdin as unknown as Socket).unref();
    // Somebody killed the guardian: containers then end with close() only, which is how it would be without one.
    shell.stdin.on("error", () => undefined);
    return shell.stdin;
  }
}
