import { z } from "zod";

/** What people may do, each role including those before it: look; act on runs; bring pods of their own; everything. */
export const ROLES = ["viewer", "operator", "author", "admin"] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

const Names = z.array(z.string().min(1).max(200)).min(1).max(200);

/** Which DAGs are meant: those that any of the lists names. */
export const DagRule = z
  .strictObject({ ids: Names.optional(), tags: Names.optional(), owners: Names.optional() })
  .refine(rule => Object.keys(rule).length > 0, "names neither ids, tags nor owners");
export type DagRule = z.infer<typeof DagRule>;

/** A role for some DAGs; without `dags` for all of them and for the installation itself. */
export const Grant = z.strictObject({ role: Role, dags: DagRule.optional() });
export type Grant = z.infer<typeof Grant>;

/** What of a DAG rules speak about. */
export interface DagLabels {
  id: string;
  tags: readonly string[];
  owner?: string | undefined;
}

export const includesRole = (held: Role, needed: Role): boolean => ROLES.indexOf(held) >= ROLES.indexOf(needed);

/** The highest role of the grants, wherever it counts. undefined: there is no grant. */
export const highestRole = (grants: readonly Grant[]): Role | undefined =>
  ROLES.findLast(role => grants.some(grant => grant.role === role));

/** Whether the grants give the role for the DAG. Without a DAG: for the installation as a whole. */
export const isGranted = (grants: readonly Grant[], needed: Role, dag?: DagLabels): boolean =>
  grants.some(({ role, dags }) => includesRole(role, needed) && (dags === undefined || (dag !== undefined && names(dags, dag))));

const names = ({ ids, tags, owners }: DagRule, dag: DagLabels): boolean =>
  ids?.includes(dag.id) === true ||
  tags?.some(tag => dag.tags.includes(tag)) === true ||
  (dag.owner !== undefined && owners?.includes(dag.owner) === true);

/** Whether every grant of `inner` is certainly part of what `outer` gives, whatever DAGs there are. */
export const coversAll = (outer: readonly Grant[], inner: readonly Grant[]): boolean =>
  inner.every(({ role, dags }) => outer.some(given => includesRole(given.role, role) && coversRule(given.dags, dags)));

function coversRule(outer: DagRule | undefined, inner: DagRule | undefined): boolean {
  if (outer === undefined) return true;
  if (inner === undefined) return false;
  return (["ids", "tags", "owners"] as const).every(list => inner[list]?.every(name => outer[list]?.includes(name)) ?? true);
}
