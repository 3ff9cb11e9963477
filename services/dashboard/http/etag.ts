import { createHash } from "node:crypto";

const hash = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 16);

/**
 * Names a representation: `"<what edits change>.<all of it>"`. Whoever polls compares all of it; whoever edits compares the first half, so
 * that a run that has started meanwhile, or the next tick of a schedule, does not stand in the way of a change.
 */
export const etagOf = (text: string, edited: unknown): string => `"${hash(JSON.stringify(edited))}.${hash(text)}"`;

/** `If-None-Match`: whether the caller has this representation. */
export const isKnown = (header: string | undefined, etag: string): boolean =>
  tagsIn(header).some(tag => tag === "*" || tag === etag);

/** `If-Match`: whether what edits change is what the caller has seen. `*`: that it is there. */
export const mayEdit = (header: string, etag: string): boolean =>
  tagsIn(header).some(tag => tag === "*" || editedPart(tag) === editedPart(etag));

/** Weak tags come from proxies that have compressed the answer on its way. */
const tagsIn = (header = ""): string[] =>
  header
    .split(",")
    .map(tag => tag.trim().replace(/^W\//, ""))
    .filter(tag => tag !== "");

const editedPart = (etag: string): string => etag.split(".", 1)[0]!.replace(/"$/, "");
