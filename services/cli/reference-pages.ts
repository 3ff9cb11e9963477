import { failuresPage } from "#core/failures-page.ts";
import { dagSdkPage } from "./dag-sdk-page.ts";
import { podTaskPage } from "./pod-task-page.ts";
import { templatesPage } from "./templates-page.ts";

/** The pages of docs/reference/ that are written from the code's own tables, by file name. */
export const REFERENCE_PAGES: Readonly<Record<string, () => string>> = {
  "dag-sdk.md": dagSdkPage,
  "failures.md": failuresPage,
  "pod-task.md": podTaskPage,
  "templates.md": templatesPage,
};
