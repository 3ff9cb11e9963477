import { failuresPage } from "#core/failures-page.ts";
import { airflowApiPage } from "./airflow-api-page.ts";
import { apiPage, openapiPage } from "./api-page.ts";
import { cliPage } from "./cli-page.ts";
import { configPage } from "./config-page.ts";
import { dagSdkPage } from "./dag-sdk-page.ts";
import { errorsPage } from "./errors-page.ts";
import { podTaskPage } from "./pod-task-page.ts";
import { templatesPage } from "./templates-page.ts";

/** The pages of docs/reference/ that are written from the code's own tables, by file name. */
export const REFERENCE_PAGES: Readonly<Record<string, () => string>> = {
  "api.md": apiPage,
  "errors.md": errorsPage,
  "openapi.json": openapiPage,
  "airflow-api.md": airflowApiPage,
  "cli.md": cliPage,
  "config.md": configPage,
  "dag-sdk.md": dagSdkPage,
  "failures.md": failuresPage,
  "pod-task.md": podTaskPage,
  "templates.md": templatesPage,
};
