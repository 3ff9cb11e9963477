import type { AnyRoute } from "../../dashboard/http/route.ts";
import type { ApiClient, CallParts, ReplyOf } from "./api-client.ts";

/** A list's answers one page after the other; `links.next` says whether there is another one. */
export async function* allPages<Route extends AnyRoute>(
  api: ApiClient,
  route: Route,
  parts: CallParts<Route> = {},
): AsyncGenerator<ReplyOf<Route>, void, undefined> {
  for (let cursor: string | undefined; ; ) {
    const page = await api.call(route, {
      ...parts,
      query: { ...parts.query, ...(cursor === undefined ? {} : { cursor }) } as never,
    });
    yield page;
    const { next } = (page as { links?: { next?: string } }).links ?? {};
    cursor = next === undefined ? undefined : (new URL(next, api.url).searchParams.get("cursor") ?? undefined);
    if (cursor === undefined) return;
  }
}

/** The items of a list's pages, no more than `most`. */
export async function collect<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[],
  most = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) {
    items.push(...itemsOf(page));
    if (items.length >= most) break;
  }
  return items.slice(0, most);
}
