import { NO_CELL } from "#contract/grid-cells.ts";

/** What of a group is to be seen when it is shut: letters of states, the one that needs a look most in front. */
const URGENCY = "fyiurdmqwcnsk";

/** The letter that stands for several tasks; a success counts only where nothing else is. That one of them was retried is left to its own row. */
export function worstCell(cells: string, places: readonly number[]): string {
  let best = NO_CELL;
  let rank = URGENCY.length;
  for (const place of places) {
    const letter = (cells[place] ?? NO_CELL).toLowerCase();
    const at = URGENCY.indexOf(letter);
    if (at < 0 || at >= rank) continue;
    rank = at;
    best = letter;
  }
  return best;
}
