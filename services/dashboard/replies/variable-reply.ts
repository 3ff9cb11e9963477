import { toInstant } from "#contract/instant.ts";
import type { VariableReply } from "#contract/variable.ts";
import type { Variable } from "#state/variable-store.ts";
import { links } from "../links.ts";

export const variableReply = ({ name, value, version, at, by }: Variable): VariableReply => ({
  name,
  value,
  version,
  at: toInstant(at),
  by,
  links: { self: links.variable(name) },
});
