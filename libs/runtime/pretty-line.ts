const COLOURS: Readonly<Record<string, number>> = { trace: 90, debug: 90, info: 32, warn: 33, error: 31, fatal: 31 };
const paint = (code: number, text: string): string => `\u001b[${code}m${text}\u001b[0m`;

/** One JSON log line as `20:00:00.123 INFO  dashboard  message  key=value`, with the stack of `err` below it. */
export function prettyLine(json: string): string {
  const { time, level, service, msg, err, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const name = String(level);
  const head = `${String(time).slice(11, 23)} ${paint(COLOURS[name] ?? 0, name.toUpperCase().padEnd(5))} ${paint(36, String(service))}`;
  const rest = Object.entries(fields).map(([key, value]) =>
    paint(90, `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`),
  );
  const words = [head, ...(msg === undefined ? [] : [String(msg)]), ...rest].join("  ");
  const stack = (err as { stack?: string } | undefined)?.stack;
  return stack === undefined ? `${words}\n` : `${words}\n${paint(90, stack)}\n`;
}
