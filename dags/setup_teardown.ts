// What a setup has prepared is undone by its teardown, whatever became of the work between.
import { dag } from "windlass";

export default dag("setup_teardown", { description: "A teardown that runs after a failure", tags: ["example"] }, d => {
  const image = "busybox:1.36";
  const create = d.pod("create", { image, command: ["echo", "a database for this run"] }).asSetup();
  const work = d.pod("work", { image, command: ["sh", "-c", "echo working; exit 1"] });
  // Runs if `create` has succeeded. It does not decide the run: that has failed with its work.
  const drop = d.pod("drop", { image, command: ["echo", "gone"] }).asTeardown({ of: create });
  d.chain(create, work, drop);
});
