import type { AnyCommand } from "../../frame/command.ts";
import { remove, set } from "./change.ts";
import { list } from "./list.ts";

export const pools: readonly AnyCommand[] = [list, set, remove];
