const MAX_DEPTH = 64;

/** Recursive code, such as JSON.stringify, is safe on the value. Walks without recursion itself. */
export function isShallow(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return false;
    level = level.flatMap(item => (item !== null && typeof item === "object" ? Object.values(item) : []));
  }
  return true;
}
