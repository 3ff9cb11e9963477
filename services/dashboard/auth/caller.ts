import { type DagLabels, type Grant, highestRole, isGranted, type Role } from "#core/rights.ts";
import type { DagStore } from "#state/dag-store.ts";
import { ApiError } from "../http/api-error.ts";
import type { Identity } from "./identity.ts";

/** Who asks, and what for. A DAG that is gone counts by what it was; one that never was, by its id. */
export interface Caller {
  name: string;
  /** The highest role, wherever it counts. */
  role: Role;
  grants: readonly Grant[];
  /** Whether the role is held for the DAG. Without a DAG: for the installation as a whole. */
  may(role: Role, dagId?: string): boolean;
  /** `may` of a viewer: lists leave out what this says no to. */
  mayRead(dagId?: string): boolean;
  /** `may` of the route's own role: for a DAG that only the query or the body names. */
  mayAct(dagId?: string): boolean;
}

/** How long DAGs' tags and owners may be out of date for rights that go by them. */
const LABELS_KEPT_MS = 2_000;

export type LabelSource = Pick<DagStore, "listDags" | "listRemovedDags">;
export type CallerReader = (identity: Identity, needed: Role) => Promise<Caller>;

/** Makes callers of identities. Only rights that are limited to some DAGs need those DAGs' labels. */
export function callerReader(dags: LabelSource, now: () => number): CallerReader {
  let known: { at: number; labels: Promise<ReadonlyMap<string, DagLabels>> } | undefined;

  const labels = (): Promise<ReadonlyMap<string, DagLabels>> => {
    if (known !== undefined && now() - known.at < LABELS_KEPT_MS) return known.labels;
    const reading = readLabels(dags);
    known = { at: now(), labels: reading };
    reading.catch(() => {
      known = undefined;
    });
    return reading;
  };

  return async ({ name, grants }, needed) => {
    const role = highestRole(grants);
    if (role === undefined) throw new ApiError("WL_FORBIDDEN", `'${name}' has no role here`);
    const isLimited = grants.some(grant => grant.dags !== undefined);
    const byId = isLimited ? await labels() : undefined;
    const may = (role: Role, dagId?: string): boolean =>
      isGranted(grants, role, dagId === undefined ? undefined : (byId?.get(dagId) ?? { id: dagId, tags: [] }));
    return {
      name,
      role,
      grants,
      may,
      mayRead: dagId => may("viewer", dagId),
      mayAct: dagId => may(needed, dagId),
    };
  };
}

async function readLabels(dags: LabelSource): Promise<ReadonlyMap<string, DagLabels>> {
  const [removed, present] = await Promise.all([dags.listRemovedDags(), dags.listDags()]);
  return new Map([...removed, ...present].map(dag => [dag.id, dag]));
}
