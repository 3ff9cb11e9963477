import { z } from "zod";
import { Grant } from "#core/rights.ts";

const Grants = z.array(Grant).min(1).max(100);

/** Who may what, of people that an identity provider or a proxy vouches for. All that fits a person counts together. */
export const RightsTable = z.strictObject({
  /** By name. */
  users: z.record(z.string(), Grants).default({}),
  /** By a group that the provider names. */
  groups: z.record(z.string(), Grants).default({}),
  /** Whoever is logged in. Absent: who is in none of the others may not come in. */
  everybody: Grants.optional(),
});
export type RightsTable = z.infer<typeof RightsTable>;

export const grantsOf = ({ users, groups, everybody }: RightsTable, name: string, memberOf: readonly string[]): Grant[] => [
  ...(Object.hasOwn(users, name) ? users[name]! : []),
  ...memberOf.flatMap(group => (Object.hasOwn(groups, group) ? groups[group]! : [])),
  ...(everybody ?? []),
];
