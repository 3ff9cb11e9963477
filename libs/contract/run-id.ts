import { z } from "zod";

/** A run's id in a path: its DAG's, "~", and what tells it from the DAG's other runs. */
export const RunId = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9_.~-]{1,401}$/, "is no run id");
