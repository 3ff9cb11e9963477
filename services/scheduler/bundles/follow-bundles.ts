import type { Logger } from "#runtime/logger.ts";
import type { BundleStore } from "#state/bundle-store.ts";
import type { BundleFolders } from "./bundle-folders.ts";

const LOOK_MS = 10_000;

/** Has the versions that are live on this scheduler's disk, so that a standby which becomes the leader need not fetch them. Returns what stops it. */
export function followBundles(store: BundleStore, folders: BundleFolders, log: Logger): () => Promise<void> {
  const pass = async (): Promise<void> => {
    for (const { name, active } of await store.list()) {
      if (active === undefined || (await folders.has(name, active))) continue;
      const files = await store.files(name, active);
      if (files !== undefined) await folders.write(name, active, files);
    }
  };
  let running: Promise<void> = Promise.resolve();
  const look = () => {
    running = running.then(pass).catch(err => log.warn({ event: "bundle.followFailed", err }));
  };
  look();
  const timer = setInterval(look, LOOK_MS);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
