import { asProblem } from "../api/problem-error.ts";

/** Loaded behind the first page: it is there long before somebody has done something. */
const toasts = () => import("sonner");

/** Says at the edge of the page that something was done. @param by who did it */
export const sayDone = (what: string, by?: string): void => {
  void toasts().then(({ toast }) => toast.success(what, by === undefined ? {} : { description: `by ${by}` }));
};

/** Says at the edge of the page what went wrong and what to do about it. */
export const sayFailed = (what: string, error: unknown): void => {
  const { detail, next, code } = asProblem(error);
  void toasts().then(({ toast }) => toast.error(`${what}: ${detail}`, { description: `${next} (${code})`, duration: 12_000 }));
};
