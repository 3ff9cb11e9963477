import { WindlassError } from "#core/errors.ts";
import type { TryKey } from "#core/ids.ts";
import type { Kube } from "./kube.ts";
import { KubeError } from "./kube-error.ts";
import { KEY_ANNOTATION, keyText, type PodManifest, SPEC_HASH_ANNOTATION } from "./manifest.ts";
import type { Pod } from "./pod.ts";
import type { PodReflector } from "./pod-reflector.ts";

export interface LaunchOptions {
  kube: Kube;
  manifest: PodManifest;
  key: TryKey;
  /** Nobody can have launched this try before: creates at once. Default true; when wrong, the name still prevents a second pod. */
  fresh?: boolean;
  /** Asked before the API server when the try is not fresh. */
  reflector?: Pick<PodReflector, "get"> | undefined;
  signal?: AbortSignal;
}

/**
 * created: by this call · adopted: it was there and is this try's, perhaps ended already · terminating: it is this try's and
 * being deleted · vanished: it was there and went away in between. After the last two the try needs its next infra ordinal.
 */
export type Launch =
  | { how: "created"; pod: Pod }
  /** `specChanged`: the pod was rendered from another spec than the manifest. It is adopted all the same. */
  | { how: "adopted"; pod: Pod; specChanged: boolean }
  | { how: "terminating"; pod: Pod }
  | { how: "vanished" };

/**
 * Brings the try's pod into being, or finds it. One write and no read for a fresh try.
 * @throws WL_POD_NAME_TAKEN when the name belongs to a pod that is not this try's; KubeError when the API server refuses
 */
export async function launchPod(options: LaunchOptions): Promise<Launch> {
  const { kube, manifest, reflector, signal, fresh = true } = options;
  const { name, namespace } = manifest.metadata;
  const known = fresh ? undefined : reflector?.get(name);
  if (known !== undefined) return settle(known, options);
  try {
    const pod = await kube.createPod(namespace, manifest, signal);
    // An answer that got lost is settled by reading, so even this pod may have been deleted meanwhile.
    return pod.metadata.deletionTimestamp === undefined ? { how: "created", pod } : { how: "terminating", pod };
  } catch (error) {
    if (!(error instanceof KubeError) || !error.isAlreadyExists) throw error;
  }
  const found = await kube.getPod(namespace, name, signal);
  return found === undefined ? { how: "vanished" } : settle(found, options);
}

function settle(pod: Pod, { manifest, key }: LaunchOptions): Launch {
  const { annotations = {}, name, namespace, uid, deletionTimestamp } = pod.metadata;
  if (annotations[KEY_ANNOTATION] !== keyText(key)) {
    const owner = annotations[KEY_ANNOTATION] ?? "nobody Windlass knows";
    throw new WindlassError(
      "WL_POD_NAME_TAKEN",
      `pod ${namespace}/${name} (${uid}) exists and belongs to ${owner}, not to ${keyText(key)}`,
    );
  }
  if (deletionTimestamp !== undefined) return { how: "terminating", pod };
  const specChanged = annotations[SPEC_HASH_ANNOTATION] !== manifest.metadata.annotations[SPEC_HASH_ANNOTATION];
  return { how: "adopted", pod, specChanged };
}
