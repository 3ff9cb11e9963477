import type { AnyCommand } from "../../frame/command.ts";
import { list } from "./list.ts";
import { pause, resume } from "./pause.ts";

export const queues: readonly AnyCommand[] = [list, pause, resume];
