// Who is told what. A webhook gets JSON by POST, signed when the workers have a key for it; it is repeated until somebody takes it.
import { dag, notify, z } from "windlass";

export default dag(
  "notices",
  {
    description: "Words to programs outside",
    tags: ["example"],
    params: z.object({ hook: z.url().default("http://127.0.0.1:9/nobody-listens") }),
    // About the run. The DAG's options are written before there is a run, so its parameters are written out here.
    onSuccess: notify.webhook("{{ params.hook }}"),
    // With SMTP settings the workers send mail as well: { email: "data@example.org" } for failures and retries, as in Airflow.
    defaultArgs: { retries: 1, retryDelay: "1s" },
  },
  (d, { params }) => {
    const hook = notify.webhook(`${params.hook}`);
    // Fails once and succeeds then: somebody hears of both.
    const shaky = d.pod("shaky", {
      image: "busybox:1.36",
      command: ["sh", "-c", '[ "$WINDLASS_TRY" = 2 ]'],
      onRetry: hook,
      onSuccess: hook,
    });
    // Nobody hears of a task that says nothing.
    shaky.before(d.empty("quiet"));
  },
);
