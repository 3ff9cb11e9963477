import type { Grant } from "#core/rights.ts";

/** "operator of tags etl, ml" */
export function grantText({ role, dags }: Grant): string {
  if (dags === undefined) return role;
  const rules = Object.entries(dags).map(([list, names]) => `${list} ${(names as readonly string[]).join(", ")}`);
  return `${role} of ${rules.join(" or ")}`;
}
