import { contentHash } from "#core/hash.ts";

/** The same UUID (RFC 9562, version 8) for the same thing: Airflow's clients want one where Windlass has a name. */
export function uuidOf(...names: readonly string[]): string {
  const hex = contentHash(names);
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
