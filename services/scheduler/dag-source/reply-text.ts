import type { LoadReply } from "./load-reply.ts";

const TASKS_AT_ONCE = 1_000;

/** The reply as one line of JSON, in parts: the text of a large DAG would not fit into the memory that a file may have. */
export function* replyText(reply: LoadReply): Generator<string> {
  if ("dags" in reply) {
    yield '{"dags":[';
    for (const [index, dag] of reply.dags.entries()) {
      if (index > 0) yield ",";
      yield* dagText(dag as { tasks: readonly unknown[] });
    }
    yield "]}\n";
  } else yield `${JSON.stringify(reply)}\n`;
}

function* dagText({ tasks, ...head }: { tasks: readonly unknown[] }): Generator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"tasks":[`;
  for (let from = 0; from < tasks.length; from += TASKS_AT_ONCE) {
    const texts = tasks.slice(from, from + TASKS_AT_ONCE).map(task => JSON.stringify(task));
    yield `${from > 0 ? "," : ""}${texts.join(",")}`;
  }
  yield "]}";
}
