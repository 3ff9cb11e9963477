const plainForm = (word: string): string => word.toLowerCase().replace(/[_-]/g, "");

/** The candidate that `word` is a misspelling of; undefined when none is close. `retry_delay` finds `retryDelay`. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const limit = word.length <= 4 ? 1 : 2;
  const near = candidates.map(candidate => ({ candidate, edits: edits(plainForm(word), plainForm(candidate)) }));
  return near.filter(({ edits }) => edits <= limit).sort((a, b) => a.edits - b.edits)[0]?.candidate;
}

/** Levenshtein's distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column++) {
      const swap = row[column - 1]! + (letter === b[column - 1] ? 0 : 1);
      next.push(Math.min(row[column]! + 1, next[column - 1]! + 1, swap));
    }
    row = next;
  }
  return row[b.length]!;
}
