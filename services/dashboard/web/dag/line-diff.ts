export interface DiffLine {
  kind: "same" | "added" | "removed" | "skipped";
  text: string;
}

/** Lines around a change that are shown, too. */
const CONTEXT = 3;
/** Beyond so many pairs of lines a diff would hold the page up: then all old lines are removed and all new ones added. */
const MOST_PAIRS = 4_000_000;

/** What was removed and added between two texts, with a few lines around; longer stretches that are the same are left out. */
export function lineDiff(before: string, after: string): DiffLine[] {
  return folded(allLines(before.split("\n"), after.split("\n")));
}

function allLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  const start = before.findIndex((line, i) => line !== after[i]);
  const head = start === -1 ? Math.min(before.length, after.length) : start;
  let tail = 0;
  while (tail < Math.min(before.length, after.length) - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const middle = common(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  const same = (lines: readonly string[]): DiffLine[] => lines.map(text => ({ kind: "same", text }));
  return [...same(before.slice(0, head)), ...middle, ...same(tail === 0 ? [] : before.slice(-tail))];
}

/** By the longest common subsequence of lines. */
function common(before: readonly string[], after: readonly string[]): DiffLine[] {
  const [rows, columns] = [before.length, after.length];
  if (rows * columns > MOST_PAIRS) {
    return [
      ...before.map(text => ({ kind: "removed" as const, text })),
      ...after.map(text => ({ kind: "added" as const, text })),
    ];
  }
  const width = columns + 1;
  const lengths = new Uint16Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      lengths[i * width + j] =
        before[i] === after[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const lines: DiffLine[] = [];
  for (let i = 0, j = 0; i < rows || j < columns; ) {
    if (i < rows && j < columns && before[i] === after[j]) {
      lines.push({ kind: "same", text: before[i]! });
      i++;
      j++;
    } else if (j >= columns || (i < rows && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!)) {
      lines.push({ kind: "removed", text: before[i++]! });
    } else {
      lines.push({ kind: "added", text: after[j++]! });
    }
  }
  return lines;
}

function folded(lines: readonly DiffLine[]): DiffLine[] {
  const isNear = lines.map((_, i) => lines.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).some(({ kind }) => kind !== "same"));
  return lines.flatMap((line, i): DiffLine[] => {
    if (isNear[i]) return [line];
    if (i > 0 && !isNear[i - 1]) return [];
    const end = isNear.indexOf(true, i);
    const count = (end === -1 ? lines.length : end) - i;
    return [{ kind: "skipped", text: count === 1 ? "1 line that is the same" : `${count} lines that are the same` }];
  });
}
