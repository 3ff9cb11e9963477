import type { AnyCommand } from "../../frame/command.ts";
import { answer } from "./answer.ts";
import { clear } from "./clear.ts";
import { list } from "./list.ts";
import { logs } from "./logs.ts";
import { mark } from "./mark.ts";
import { pod } from "./pod.ts";
import { render } from "./render.ts";
import { retry, stop } from "./retry.ts";
import { why } from "./why.ts";

export const tasks: readonly AnyCommand[] = [list, logs, why, render, clear, retry, stop, mark, answer, pod];
