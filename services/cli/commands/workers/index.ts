import type { AnyCommand } from "../../frame/command.ts";
import { drain } from "./drain.ts";
import { list } from "./list.ts";

export const workers: readonly AnyCommand[] = [list, drain];
