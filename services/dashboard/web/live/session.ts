import { observable } from "./observable.ts";

const isOver = observable(false);

/** Whether the login has ended while the page is open. */
export const session = {
  isOver,
  ended(): void {
    isOver.set(true);
  },
  renewed(): void {
    isOver.set(false);
  },
};
