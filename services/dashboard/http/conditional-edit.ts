import type { ReplyStore } from "#state/reply-store.ts";
import { ApiError } from "./api-error.ts";
import { mayEdit } from "./etag.ts";

export interface ConditionalEdit<Reply> {
  /** The header If-Match. */
  ifMatch: string | undefined;
  /** The path of what is edited. */
  path: string;
  /** The ETag of what is there now. */
  etag: () => Promise<string>;
  edit: () => Promise<Reply>;
}

/**
 * Edits only what the caller has seen. Of several such edits that have seen the same, one is made.
 * @throws ApiError WL_PRECONDITION when it has changed since, or is being changed
 */
export async function editIfMatch<Reply>(
  { ifMatch, path, etag, edit }: ConditionalEdit<Reply>,
  replies: Pick<ReplyStore, "reserve" | "release">,
): Promise<Reply> {
  if (ifMatch === undefined) return edit();
  const key = `edit ${path}`;
  const reserved = await replies.reserve(key, "edit");
  if (reserved.result !== "first") throw changed(path, "is being changed by somebody else");
  try {
    if (!mayEdit(ifMatch, await etag())) throw changed(path, "has changed since it was read");
    return await edit();
  } finally {
    await replies.release(key);
  }
}

const changed = (path: string, how: string): ApiError =>
  new ApiError("WL_PRECONDITION", `${path} ${how}`, {
    errors: [{ in: "header", pointer: "#/if-match", detail: "names what is not there any more" }],
    links: { current: path },
  });
