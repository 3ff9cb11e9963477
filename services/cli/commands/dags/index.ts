import type { AnyCommand } from "../../frame/command.ts";
import { backfill } from "./backfill.ts";
import { deploy } from "./deploy.ts";
import { diff } from "./diff.ts";
import { list } from "./list.ts";
import { next } from "./next.ts";
import { pause, unpause } from "./pause.ts";
import { plan } from "./plan.ts";
import { show } from "./show.ts";
import { testDagCommand } from "./test.ts";
import { trigger } from "./trigger.ts";
import { validate } from "./validate.ts";
import { versions } from "./versions.ts";

export const dags: readonly AnyCommand[] = [
  list,
  show,
  validate,
  testDagCommand,
  plan,
  deploy,
  trigger,
  backfill,
  next,
  pause,
  unpause,
  versions,
  diff,
];
