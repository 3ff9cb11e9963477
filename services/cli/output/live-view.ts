import { stripVTControlCharacters } from "node:util";
import type { Io } from "./io.ts";

/** Lines that are drawn again in their place on a terminal. */
export class LiveView {
  readonly #io: Io;
  #shown: readonly string[] = [];

  constructor(io: Io) {
    this.#io = io;
  }

  async draw(lines: readonly string[]): Promise<void> {
    const { columns } = this.#io.size();
    // A line that wraps would be two, and the next drawing one too low.
    const fitted = lines.map(line => cutTo(line, columns - 1));
    if (fitted.length === this.#shown.length && fitted.every((line, at) => line === this.#shown[at])) return;
    const up = this.#shown.length === 0 ? "" : `\u001b[${this.#shown.length}F\u001b[0J`;
    await this.#io.out(`${up}${fitted.map(line => `${line}\n`).join("")}`);
    this.#shown = fitted;
  }
}

function cutTo(line: string, columns: number): string {
  const bare = stripVTControlCharacters(line);
  return bare.length <= columns ? line : `${bare.slice(0, columns - 1)}…`;
}
