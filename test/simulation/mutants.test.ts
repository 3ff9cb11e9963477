import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { MUTANTS, type Mutant } from "./mutants.ts";

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** In a process of its own, because a file is loaded once. */
async function isFound({ name }: Mutant): Promise<boolean> {
  const simulation = ["--import", path("mutate.ts"), path("simulate.ts"), "--seeds", "5000", "--seed", "1"];
  try {
    await promisify(execFile)(process.execPath, simulation, { env: { ...process.env, MUTANT: name }, timeout: 60_000 });
    return false;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    assert.match(stdout, /^failed after/, `${name}: ${stderr}`);
    return true;
  }
}

describe("the simulation", () => {
  it("finds every planted mistake", async function () {
    this.timeout(180_000);
    const unseen: string[] = [];
    const open = [...MUTANTS];
    // Two at a time: as many as the smallest machine has cores.
    const work = async () => {
      for (let mutant = open.pop(); mutant !== undefined; mutant = open.pop())
        if (!(await isFound(mutant))) unseen.push(mutant.name);
    };
    await Promise.all([work(), work()]);
    assert.deepEqual(unseen, []);
  });
});
