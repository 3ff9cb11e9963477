import type { Place } from "#core/errors.ts";

// Enough to get past frames without a file, such as Array.map's.
const FRAMES = 10;

/**
 * File and line of the code that called `below`, which must be on the stack; {} when it cannot be told.
 * Reads V8's structured frames, so neither a DAG file's own `Error.prepareStackTrace` nor the text of a stack matters.
 */
export function callSite(below: (...args: never[]) => unknown): Place {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: NodeJS.CallSite[] } = {};
  try {
    Error.stackTraceLimit = FRAMES;
    Error.prepareStackTrace = (_, frames) => frames;
    Error.captureStackTrace(holder, below);
    // The stack is formatted when it is first read.
    const frame = holder.stack?.find(site => isFile(site.getFileName()));
    const line = frame?.getLineNumber();
    return frame === undefined ? {} : { file: pathOf(frame.getFileName() ?? ""), ...(line == null ? {} : { line }) };
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const isFile = (name: string | null | undefined): boolean => name != null && /^(file:|\/|[A-Za-z]:\\)/.test(name);

/** A module's file name is a URL, a script's is a path. */
const pathOf = (name: string): string => (name.startsWith("file:") ? decodeURIComponent(new URL(name).pathname) : name);
