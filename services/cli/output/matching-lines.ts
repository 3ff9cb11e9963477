/** The whole lines of a text in pieces that match. */
export async function* matchingLines(parts: AsyncIterable<string>, pattern: RegExp): AsyncGenerator<string, void, undefined> {
  let rest = "";
  for await (const part of parts) {
    const lines = (rest + part).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (pattern.test(line)) yield `${line}\n`;
  }
  if (rest !== "" && pattern.test(rest)) yield `${rest}\n`;
}
