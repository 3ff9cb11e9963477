import { dag, run, z } from "windlass";
import { image } from "./lib/image.ts";

export default dag(
  "hello",
  {
    schedule: "@daily",
    params: z.object({ name: z.string().default("world") }),
    defaultArgs: { retries: 2, retryDelay: "1m" },
  },
  (d, { params }) => {
    const count = d.pod("count", {
      image,
      env: { NAME: params.name },
      command: ["sh", "-c", 'printf \'{"letters":%d}\' $(expr length "$NAME") > $WINDLASS_RESULT_PATH'],
      result: z.object({ letters: z.int() }),
    });
    // Naming a result draws the edge.
    d.pod("greet", {
      image,
      command: ["echo", `${run.ds}: hello ${params.name}, all ${count.output.letters} letters of you`],
    });
  },
);
