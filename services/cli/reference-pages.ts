import { failuresPage } from "#core/failures-page.ts";
import { podTaskPage } from "./pod-task-page.ts";

/** The pages of docs/reference/ that are written from the code's own tables, by file name. */
export const REFERENCE_PAGES: Readonly<Record<string, () => string>> = {
  "failures.md": failuresPage,
  "pod-task.md": podTaskPage,
};
