import type { Response } from "express";

/** An answer that is written to as things happen. Nothing written to it throws, also when its caller is gone. */
export interface Outlet {
  write(chunk: Buffer | string): void;
  /** What was written and the caller's connection has not taken yet. */
  waitingBytes(): number;
  /** Calls back once when the connection has taken all that waits. Only while something waits. */
  onceDrained(listener: () => void): void;
  /** Ends the answer behind what was written. */
  end(): void;
  /** Closes the connection; what waits is lost. */
  cut(): void;
}

export const outletOf = (response: Response): Outlet => ({
  write: chunk => void (response.writable && response.write(chunk)),
  waitingBytes: () => response.writableLength,
  onceDrained: listener => void response.once("drain", listener),
  end: () => void response.end(),
  cut: () => void response.destroy(),
});
