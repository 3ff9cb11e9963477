import { observable } from "./observable.ts";

/** Whether the server answers. `sinceAt` in ms: from then on it did not. */
export type Connection = { isHere: true } | { isHere: false; sinceAt: number; why: string | undefined };

const HERE: Connection = { isHere: true };
const state = observable<Connection>(HERE);

/** What requests have found out about the server. */
export const connection = {
  state,
  found(): void {
    state.set(HERE);
  },
  /** @param why the server's own words, if it said anything */
  lost(why?: string): void {
    const before = state.get();
    state.set({ isHere: false, sinceAt: before.isHere ? Date.now() : before.sinceAt, why });
  },
};
