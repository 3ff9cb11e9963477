import { jsonOf } from "../acts/param-fields.ts";

/** What is typed into the form for a single pod. */
export interface AdhocForm {
  image: string;
  command: string;
  args: string;
  env: string;
  more: string;
  namespace: string;
  retries: string;
  timeout: string;
  pool: string;
  queue: string;
}

export const EMPTY_FORM: AdhocForm = {
  image: "",
  command: "",
  args: "",
  env: "",
  more: "",
  namespace: "",
  retries: "0",
  timeout: "",
  pool: "",
  queue: "",
};

/** The body of the request, or what is wrong in which field. What is empty is left out. */
export function podBody(form: AdhocForm): { body: Record<string, unknown> } | { mistakes: Readonly<Record<string, string>> } {
  const mistakes: Record<string, string> = {};
  const body: Record<string, unknown> = {};
  const take = (name: string, reading: { value: unknown } | { mistake: string }): void => {
    if ("mistake" in reading) mistakes[name] = reading.mistake;
    else if (reading.value !== undefined) body[name] = reading.value;
  };
  for (const name of ["image", "namespace", "timeout", "pool", "queue"] as const)
    take(name, { value: form[name].trim() || undefined });
  take("command", words(form.command));
  take("args", words(form.args));
  take("env", environment(form.env));
  take("retries", form.retries.trim() === "" ? { value: undefined } : { value: Number(form.retries) });
  const more = form.more.trim() === "" ? { value: {} } : jsonOf(form.more);
  if ("mistake" in more) mistakes.more = more.mistake;
  return Object.keys(mistakes).length > 0
    ? { mistakes }
    : { body: { ...body, ...("value" in more ? (more.value as object) : {}) } };
}

const WORD = /"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g;

/** A command line as a list of words: a JSON list, or split at spaces outside of quotes. */
function words(text: string): { value: string[] | undefined } | { mistake: string } {
  const line = text.trim();
  if (line === "") return { value: undefined };
  if (line.startsWith("[")) {
    const read = jsonOf(line);
    if ("mistake" in read) return read;
    return Array.isArray(read.value) && read.value.every(word => typeof word === "string")
      ? { value: read.value }
      : { mistake: "is no list of texts" };
  }
  return {
    value: [...line.matchAll(WORD)].map(([, double, single, plain]) => double?.replace(/\\(.)/g, "$1") ?? single ?? plain ?? ""),
  };
}

function environment(text: string): { value: Record<string, string> | undefined } | { mistake: string } {
  const lines = text.split("\n").filter(line => line.trim() !== "");
  if (lines.length === 0) return { value: undefined };
  const bad = lines.findIndex(line => !/^\s*[A-Za-z_][A-Za-z0-9_.-]*=/.test(line));
  if (bad >= 0) return { mistake: `line ${bad + 1} is not NAME=value` };
  return {
    value: Object.fromEntries(lines.map(line => [line.slice(0, line.indexOf("=")).trim(), line.slice(line.indexOf("=") + 1)])),
  };
}
