import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** The first `length` base32 characters (5 bits each) of the text's SHA-256. Ten of them make 50 bits. */
export function hash32(text: string, length = 10): string {
  let out = "";
  let bits = 0;
  let pending = 0;
  for (const byte of sha256(utf8ToBytes(text))) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 5 && out.length < length) {
      out += BASE32[(pending >>> (bits - 5)) & 31];
      bits -= 5;
    }
    pending &= (1 << bits) - 1;
  }
  return out;
}

/** A number in [0, 1) that depends on the text alone: chance that two processes agree on. */
export function hash01(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** SHA-256 of the value's JSON with sorted keys: equal data, equal digest (64 hex characters). */
export function contentHash(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(value))));
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(item => canonicalJson(item ?? null)).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}
