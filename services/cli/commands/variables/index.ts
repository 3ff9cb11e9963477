import type { AnyCommand } from "../../frame/command.ts";
import { remove, set } from "./change.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";

export const variables: readonly AnyCommand[] = [list, get, set, remove];
