import type { LucideIcon } from "lucide-react";

/** The groups of the palette, in their order. */
export const GROUPS = ["This page", "Pages", "DAGs", "Runs", "Actions"] as const;

/** Something that the palette can do. */
export interface PaletteEntry {
  id: string;
  group: (typeof GROUPS)[number];
  label: string;
  /** Beside the label, in small. Found by its words, too. */
  hint?: string | undefined;
  icon: LucideIcon;
  /** Further words that it is found by. */
  words?: string;
  /** Only found by words: not shown before something is typed. */
  isHidden?: boolean;
  run: () => unknown;
}

const MOST_OF_A_GROUP = 8;

/**
 * The entries that fit what was typed, by group: each word has to be in one of the entry's texts. Those whose label begins with the first word
 * come first.
 */
export function findEntries(entries: readonly PaletteEntry[], typed: string): ReadonlyMap<PaletteEntry["group"], PaletteEntry[]> {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const [first = ""] = words;
  const found = new Map<PaletteEntry["group"], PaletteEntry[]>(GROUPS.map(group => [group, []]));
  for (const entry of entries) {
    const text = [entry.label, entry.hint ?? "", entry.words ?? ""].join("\n").toLowerCase();
    const isMeant = words.length === 0 ? !entry.isHidden : words.every(word => text.includes(word));
    if (isMeant) found.get(entry.group)?.push(entry);
  }
  const begins = ({ label }: PaletteEntry): number => (label.toLowerCase().startsWith(first) ? 0 : 1);
  return new Map(
    [...found].map(([group, list]) => [group, list.sort((a, b) => begins(a) - begins(b)).slice(0, MOST_OF_A_GROUP)]),
  );
}
