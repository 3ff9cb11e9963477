import type { AnyCommand } from "../../frame/command.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { cancel, pause, resume } from "./move.ts";

export const backfills: readonly AnyCommand[] = [list, get, pause, resume, cancel];
