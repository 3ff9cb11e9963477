import type { Place } from "#core/errors.ts";

/** The caller's frame is nearly always the first; more are read only to get past frames without a file, such as Array.map's. */
const FRAMES = [1, 10];

/**
 * File and line of the code that called `below`, which must be on the stack; {} when it cannot be told.
 * Reads V8's structured frames, so neither a DAG file's own `Error.prepareStackTrace` nor the text of a stack matters.
 */
export function callSite(below: (...args: never[]) => unknown): Place {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.prepareStackTrace = (_, frames) => frames;
    for (const limit of FRAMES) {
      Error.stackTraceLimit = limit;
      const holder: { stack?: NodeJS.CallSite[] } = {};
      Error.captureStackTrace(holder, below);
      // The stack is formatted when it is first read.
      const frame = holder.stack?.find(site => isFile(site.getFileName()));
      if (frame !== undefined) return placeOf(frame);
    }
    return {};
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const isFile = (name: string | null | undefined): boolean => name != null && /^(file:|\/|[A-Za-z]:\\)/.test(name);

function placeOf(frame: NodeJS.CallSite): Place {
  const line = frame.getLineNumber();
  return { file: pathOf(frame.getFileName() ?? ""), ...(line == null ? {} : { line }) };
}

/** Paths by file name: one text for all the tasks of a file. */
const paths = new Map<string, string>();

/** A module's file name is a URL, a script's is a path. */
function pathOf(name: string): string {
  const known = paths.get(name);
  if (known !== undefined) return known;
  const path = name.startsWith("file:") ? decodeURIComponent(new URL(name).pathname) : name;
  paths.set(name, path);
  return path;
}
