import type { AnyCommand } from "../../frame/command.ts";
import { cancel } from "./cancel.ts";
import { clear, retry } from "./clear.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { logs } from "./logs.ts";
import { mark } from "./mark.ts";
import { open } from "./open.ts";
import { rerun } from "./rerun.ts";
import { wait, watch } from "./watch.ts";

export const runs: readonly AnyCommand[] = [list, get, watch, wait, logs, cancel, retry, clear, mark, rerun, open];
