/** A test that leaves something open must not hang a run: it is named, and the run fails. */
const PATIENCE_MS = 10_000;

export const mochaHooks = {
  afterAll() {
    const timer = setTimeout(() => {
      console.error(`the tests are over and something keeps the process alive: ${process.getActiveResourcesInfo().join(", ")}`);
      process.exit(1);
    }, PATIENCE_MS);
    timer.unref();
  },
};
