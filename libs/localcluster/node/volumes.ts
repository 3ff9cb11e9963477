import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import type { Container, Pod, Volume } from "../pod.ts";
import { entriesOf, type Lookup } from "./container-env.ts";

/** A volume cannot be mounted; the message is what a kubelet's FailedMount event says. */
export class MountError extends Error {
  override readonly name = "MountError";
}

type Keyed = NonNullable<Volume["secret"] | Volume["configMap"]>;

/** Makes the pod's volumes and returns where each one is. Throws {@link MountError} for the first that cannot be had. */
export function makeVolumes({ spec }: Pod, directory: string, lookup: Lookup): Record<string, string> {
  const places: Record<string, string> = {};
  for (const volume of spec.volumes ?? []) places[volume.name] = makeVolume(volume, join(directory, volume.name), lookup);
  return places;
}

function makeVolume(volume: Volume, place: string, lookup: Lookup): string {
  const { name, hostPath, secret, configMap, emptyDir } = volume;
  if (hostPath !== undefined) return hostPath.path;
  const failed = (why: string) => new MountError(`MountVolume.SetUp failed for volume "${name}" : ${why}`);
  mkdirSync(place, { recursive: true });
  if (secret !== undefined) writeEntries("secrets", secret.secretName, secret, place, lookup, failed);
  else if (configMap !== undefined) writeEntries("configmaps", configMap.name, configMap, place, lookup, failed);
  else if (emptyDir === undefined && Object.keys(volume).length > 1) {
    throw failed(`the local cluster has no volumes of type ${Object.keys(volume).find(key => key !== "name")}`);
  }
  return place;
}

function writeEntries(
  resource: "secrets" | "configmaps",
  name: string,
  { items, optional }: Keyed,
  place: string,
  lookup: Lookup,
  failed: (why: string) => MountError,
): void {
  const object = lookup(resource, name);
  const kind = resource === "secrets" ? "secret" : "configmap";
  if (object === undefined) {
    if (optional) return;
    throw failed(`${kind} "${name}" not found`);
  }
  const entries = entriesOf(resource, object);
  const chosen = items ?? Object.keys(entries).map(key => ({ key, path: key }));
  for (const { key, path } of chosen) {
    const file = resolve(place, path);
    if (entries[key] === undefined || !file.startsWith(place + sep)) throw failed(`references non-existent ${kind} key: ${key}`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, entries[key]);
  }
}

/** Container path → path on this machine, for the volumes a container mounts. */
export function mountsOf(container: Container, volumes: Record<string, string>): Record<string, string> {
  const mounts = (container.volumeMounts ?? []).map(({ name, mountPath, subPath }) => {
    const place = join(volumes[name]!, subPath ?? "");
    return [mountPath.replace(/(.)\/$/, "$1"), place] as const;
  });
  return Object.fromEntries(mounts);
}
