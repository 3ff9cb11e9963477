/** What a line that says why looks like, the more telling first. */
const TELLING: readonly RegExp[] = [
  /^\s*(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Failure)\b\s*(?::|$)/,
  /\b(?:panic|fatal(?: error)?|traceback|uncaught|unhandled|segmentation fault|out of memory|oomkilled)\b/i,
  /\b(?:error|exception|failed|failure|denied|not found|no such file)\b/i,
];

const PYTHON = "Traceback (most recent call last):";

/** Where the last traceback of Python comes to its point: at the first line behind it that is not indented. */
function endOfTraceback(lines: readonly string[]): number {
  const begin = lines.findLastIndex(line => line.includes(PYTHON));
  return begin < 0 ? -1 : lines.findIndex((line, index) => index > begin && /^\S/.test(line));
}

/** Which of the lines says best why a program failed: the last of the most telling kind. undefined: none of them does. */
export function errorLine(lines: readonly string[]): number | undefined {
  const raised = endOfTraceback(lines);
  if (raised >= 0) return raised;
  for (const pattern of TELLING) {
    const index = lines.findLastIndex(line => pattern.test(line));
    if (index >= 0) return index;
  }
  return undefined;
}
