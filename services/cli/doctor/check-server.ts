import { WindlassError } from "#core/errors.ts";
import { showMe } from "../../dashboard/routes/show-me.ts";
import type { ApiClient } from "../client/api-client.ts";
import { ApiProblem } from "../client/api-problem.ts";
import { nextStep } from "../frame/next-step.ts";
import type { Finding } from "./finding.ts";

/** Whether the dashboard answers and knows us. */
export async function checkServer(api: ApiClient): Promise<Finding> {
  try {
    const { name, role } = await api.call(showMe);
    return { check: "server", state: "ok", sentence: `${api.url} answers; you are ${name}, ${role}` };
  } catch (error) {
    if (error instanceof ApiProblem) {
      const fix = error.problem.code === undefined ? error.problem.next : nextStep(error.problem.code);
      return { check: "server", state: "wrong", sentence: `${api.url}: ${error.message}`, ...(fix === undefined ? {} : { fix }) };
    }
    if (error instanceof WindlassError) return { check: "server", state: "wrong", sentence: error.message, fix: error.next };
    throw error;
  }
}
