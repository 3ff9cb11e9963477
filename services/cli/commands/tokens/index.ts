import type { AnyCommand } from "../../frame/command.ts";
import { create, revoke } from "./change.ts";
import { list } from "./list.ts";

export const tokens: readonly AnyCommand[] = [list, create, revoke];
