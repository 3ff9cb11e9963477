import { z } from "zod";
import { type FieldCheck, fieldProblems } from "./field-problems.ts";

/**
 * A value of one of Kubernetes' own types, by the name of its struct ("[]Volume", "Affinity"). Fields that Kubernetes does not know are
 * refused with their path; what the fields mean is the API server's matter. The name is the schema's title.
 */
export const kubeValue = <T>(type: string, check: FieldCheck = {}) =>
  z
    .custom<T>()
    .superRefine((value, context) => {
      // Not to be continued: of a union's branches, one that could go on would be taken for the one that was meant.
      for (const { path, message } of fieldProblems(value, type, check))
        context.addIssue({ code: "custom", path, message, continue: false });
    })
    .meta({ title: type });
