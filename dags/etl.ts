// Extract, clean every table in a pod of its own, and report. Data goes from task to task as typed results: a name that does not exist
// is an error in the editor, and when the file is loaded. In real life the image would be your own.
import { dag, run, z } from "windlass";

const Table = z.object({ name: z.string(), rows: z.int() });

export default dag(
  "etl",
  {
    description: "A mapped task over a list that another task made",
    tags: ["example"],
    params: z.object({ region: z.enum(["eu", "us"]).default("eu") }),
    defaultArgs: { retries: 2, retryDelay: "10s" },
  },
  (d, { params }) => {
    const image = "busybox:1.36";

    // A result is JSON in the file that $WINDLASS_RESULT_PATH names. The schema is checked when the task ends.
    const extract = d.pod("extract", {
      image,
      env: { REGION: params.region },
      command: ["sh", "-c"],
      args: [`printf '[{"name":"orders-%s","rows":3},{"name":"users-%s","rows":5}]' $REGION $REGION > $WINDLASS_RESULT_PATH`],
      result: z.array(Table),
    });

    // Tasks of a group have its name in front of theirs: "load.clean".
    const load = d.group("load", g => {
      // Called once. `table` stands for the item that each instance is for; two of them run at once, at most.
      const clean = g.map(
        "clean",
        extract.output,
        table => ({
          image,
          env: { TABLE: table.name, ROWS: table.rows.pipe("string") },
          command: ["sh", "-c"],
          args: ['echo "cleaning $TABLE"; printf \'{"name":"%s","rows":%d}\' "$TABLE" $((ROWS - 1)) > $WINDLASS_RESULT_PATH'],
          result: Table,
        }),
        { maxActive: 2 },
      );

      // The output of a mapped task is the list of its instances' results.
      const report = g.pod("report", {
        image,
        env: { TABLES: clean.output.pipe("json"), DAY: run.ds },
        command: ["sh", "-c"],
        args: ['echo "$DAY: $TABLES"'],
      });
      clean.before(report);
    });

    extract.before(load);
  },
);
