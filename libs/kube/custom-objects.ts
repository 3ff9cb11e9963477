import { WindlassError } from "#core/errors.ts";
import type { Kube } from "./kube.ts";
import { KubeError } from "./kube-error.ts";

/** An object of any kind as the API server has it. */
export interface CustomObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; uid: string; namespace?: string; annotations?: Readonly<Record<string, string>> };
  [field: string]: unknown;
}

/** An object as it is sent. */
export interface CustomManifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace: string; labels: Record<string, string>; annotations: Record<string, string> };
  [field: string]: unknown;
}

/** Which object. The namespace is left out of account where the kind has none. */
export interface ObjectRef {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
}

/** The cluster knows no such kind. */
export class UnknownKind extends WindlassError {
  constructor({ apiVersion, kind }: Pick<ObjectRef, "apiVersion" | "kind">) {
    super("WL_KUBE_REFUSED", `the cluster has no kind ${kind} in ${apiVersion}`);
  }
}

/** Objects of kinds that only the cluster knows. Every method throws KubeError, UnknownKind, or the signal's reason. */
export interface CustomObjects {
  /** Server-side apply: what is there under the name becomes as the manifest says, and is made if it is not there. */
  apply(manifest: CustomManifest, signal?: AbortSignal): Promise<CustomObject>;
  get(ref: ObjectRef, signal?: AbortSignal): Promise<CustomObject | undefined>;
  /** Only the object of that uid. What it owns goes with it. */
  delete(ref: ObjectRef & { uid: string }, signal?: AbortSignal): Promise<"deleted" | "gone" | "other-uid">;
}

interface Kind {
  plural: string;
  namespaced: boolean;
}

interface ResourceList {
  resources?: readonly { name: string; kind: string; namespaced: boolean }[];
}

const rootOf = (apiVersion: string): string => (apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`);

export function openCustomObjects(kube: Pick<Kube, "send">): CustomObjects {
  const kinds = new Map<string, Kind>();

  /** What the kind is called in paths, asked once. A kind that is not there is asked for again: somebody may install it. */
  async function kindOf({ apiVersion, kind }: Pick<ObjectRef, "apiVersion" | "kind">, signal?: AbortSignal): Promise<Kind> {
    const known = kinds.get(`${apiVersion} ${kind}`);
    if (known !== undefined) return known;
    for (const one of await resourcesOf(apiVersion, signal)) {
      // "sparkapplications/status" is a part of an object, not a kind of its own.
      if (one.name.includes("/")) continue;
      kinds.set(`${apiVersion} ${one.kind}`, { plural: one.name, namespaced: one.namespaced });
    }
    const found = kinds.get(`${apiVersion} ${kind}`);
    if (found === undefined) throw new UnknownKind({ apiVersion, kind });
    return found;
  }

  async function resourcesOf(apiVersion: string, signal?: AbortSignal) {
    const list = await orGone(() => kube.send({ path: rootOf(apiVersion), signal }));
    return (list as ResourceList | undefined)?.resources ?? [];
  }

  async function pathOf(ref: ObjectRef, signal?: AbortSignal): Promise<string> {
    const { plural, namespaced } = await kindOf(ref, signal);
    const place = namespaced ? `/namespaces/${encodeURIComponent(ref.namespace)}` : "";
    return `${rootOf(ref.apiVersion)}${place}/${plural}/${encodeURIComponent(ref.name)}`;
  }

  return {
    async apply(manifest, signal) {
      const { apiVersion, kind, metadata } = manifest;
      const path = await pathOf({ apiVersion, kind, ...metadata }, signal);
      const query = { fieldManager: "windlass", force: true, fieldValidation: "Strict" };
      const contentType = "application/apply-patch+yaml";
      return (await kube.send({ method: "PATCH", path, query, body: manifest, contentType, signal })) as CustomObject;
    },

    async get(ref, signal) {
      const path = await pathOf(ref, signal);
      return (await orGone(() => kube.send({ path, signal }))) as CustomObject | undefined;
    },

    async delete(ref, signal) {
      const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid: ref.uid }, propagationPolicy: "Background" };
      const path = await pathOf(ref, signal);
      try {
        await kube.send({ method: "DELETE", path, body, signal });
        return "deleted";
      } catch (error) {
        if (error instanceof KubeError && error.isGone) return "gone";
        if (error instanceof KubeError && error.isConflict) return "other-uid";
        throw error;
      }
    },
  };
}

/** Undefined in place of a 404. */
async function orGone<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof KubeError && error.isGone) return undefined;
    throw error;
  }
}
