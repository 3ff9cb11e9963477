/** Cuts a text at what is searched for: every second part is a match. In small letters only: capitals do not matter. */
export function splitAtMatches(text: string, words: string): string[] {
  if (words === "") return [text];
  const searched = words === words.toLowerCase() ? text.toLowerCase() : text;
  const parts: string[] = [];
  let from = 0;
  for (let at = searched.indexOf(words); at >= 0; at = searched.indexOf(words, from)) {
    parts.push(text.slice(from, at), text.slice(at, at + words.length));
    from = at + words.length;
  }
  parts.push(text.slice(from));
  return parts;
}
