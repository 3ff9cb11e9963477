// Two ways to choose: by what a task found, and by how it ended.
import { dag, exitCodeOf, z } from "windlass";

export default dag("branch", { description: "Ways that are taken and ways that are not", tags: ["example"] }, d => {
  const image = "busybox:1.36";

  const measure = d.pod("measure", {
    image,
    command: ["sh", "-c", `printf '{"size":"big"}' > $WINDLASS_RESULT_PATH`],
    result: z.object({ size: z.enum(["big", "small"]) }),
  });

  // A case may name one task, several, or a group. The branch draws the edges.
  const big = d.group("big", g =>
    g.chain(g.pod("split", { image, command: ["true"] }), g.pod("merge", { image, command: ["true"] })),
  );
  const small = d.pod("small", { image, command: ["true"] });
  const bySize = d.branch("by-size", { on: measure.output.size, cases: { big, small } });
  measure.before(bySize);

  // Runs whichever way was taken: the other one is skipped, and that is no failure.
  const both = d.empty("both", { triggerRule: "none_failed_min_one_success" });
  both.after(big, small);

  // An exit code may be an answer, too. The branch runs although the check has failed, and the run succeeds: what was chosen did.
  const check = d.pod("check", { image, command: ["sh", "-c", "exit 3"] });
  const repair = d.pod("repair", { image, command: ["true"] });
  d.chain(both, check, d.branch("by-code", { on: exitCodeOf(check), cases: { 0: d.empty("fine"), 3: repair } }));
});
