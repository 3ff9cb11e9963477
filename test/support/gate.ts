import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Holds containers of the embedded cluster until the test lets them go. */
export interface Gate {
  /** A shell command that waits for the gate to open, without using the processor meanwhile. */
  wait: string;
  /** Lets everybody through who waits, and who comes later. May be called twice. */
  open(): void;
}

/** Node itself makes no named pipes; POSIX has the program. */
const MAKE_PIPE = "mkfifo";

/** What a failed test left closed. */
const closed = new Set<Gate>();
process.once("exit", () => {
  for (const gate of closed) gate.open();
});

/** A named pipe that has a writer until it opens: who reads from it waits for its end. It opens with the test process at the latest. */
export function openGate(): Gate {
  const dir = mkdtempSync(join(tmpdir(), "windlass-gate-"));
  const pipe = join(dir, "gate");
  execFileSync(MAKE_PIPE, [pipe]);
  const writer = openSync(pipe, constants.O_RDWR);
  const gate: Gate = {
    wait: `cat ${pipe} > /dev/null 2>&1`,
    open() {
      if (!closed.delete(gate)) return;
      // Gone first: nobody may begin to wait for a pipe without a writer.
      rmSync(dir, { recursive: true, force: true });
      closeSync(writer);
    },
  };
  closed.add(gate);
  return gate;
}
