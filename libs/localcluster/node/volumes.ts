import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import type { Container, DownwardItem, Pod, TokenSource, Volume, VolumeProjection } from "../pod.ts";
import { entriesOf, fieldValue, type Lookup, resourceValue } from "./container-env.ts";

/** A volume cannot be mounted; the message is what a kubelet's FailedMount event says. */
export class MountError extends Error {
  override readonly name = "MountError";
}

type Keyed = NonNullable<Volume["secret"] | Volume["configMap"]>;

interface Making {
  pod: Pod;
  place: string;
  lookup: Lookup;
  failed(why: string): MountError;
}

/** Makes the pod's volumes and returns where each one is. Throws {@link MountError} for the first that cannot be had. */
export function makeVolumes(pod: Pod, directory: string, lookup: Lookup): Record<string, string> {
  const places: Record<string, string> = {};
  for (const volume of pod.spec.volumes ?? []) {
    const failed = (why: string) => new MountError(`MountVolume.SetUp failed for volume "${volume.name}" : ${why}`);
    places[volume.name] = makeVolume(volume, { pod, place: join(directory, volume.name), lookup, failed });
  }
  return places;
}

function makeVolume(volume: Volume, making: Making): string {
  const { hostPath, secret, configMap, emptyDir, projected, downwardAPI } = volume;
  if (hostPath !== undefined) return hostPath.path;
  const { place, failed } = making;
  mkdirSync(place, { recursive: true });
  if (secret !== undefined) writeEntries("secrets", secret.secretName, secret, making);
  else if (configMap !== undefined) writeEntries("configmaps", configMap.name, configMap, making);
  else if (downwardAPI !== undefined) writeFields(downwardAPI.items ?? [], making);
  else if (projected !== undefined) for (const source of projected.sources ?? []) project(source, making);
  else if (emptyDir === undefined && Object.keys(volume).length > 1) {
    throw failed(`the local cluster has no volumes of type ${Object.keys(volume).find(key => key !== "name")}`);
  }
  return place;
}

function project({ secret, configMap, downwardAPI, serviceAccountToken }: VolumeProjection, making: Making): void {
  if (secret !== undefined) writeEntries("secrets", secret.name, secret, making);
  if (configMap !== undefined) writeEntries("configmaps", configMap.name, configMap, making);
  if (downwardAPI !== undefined) writeFields(downwardAPI.items ?? [], making);
  if (serviceAccountToken !== undefined) write(serviceAccountToken.path, tokenOf(making.pod, serviceAccountToken), making);
}

/** Shaped like a token, for programs that read its claims; signed by nobody. */
function tokenOf({ metadata, spec }: Pod, { audience, expirationSeconds = 3_600 }: TokenSource): string {
  const { namespace, name, uid } = metadata;
  const account = spec.serviceAccountName ?? "default";
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    aud: [audience ?? "https://kubernetes.default.svc"],
    exp: now + expirationSeconds,
    iat: now,
    sub: `system:serviceaccount:${namespace}:${account}`,
    "kubernetes.io": { namespace, pod: { name, uid }, serviceaccount: { name: account } },
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.`;
}

function writeFields(items: readonly DownwardItem[], making: Making): void {
  for (const { path, fieldRef, resourceFieldRef } of items) {
    if (fieldRef !== undefined) write(path, fieldValue(making.pod, fieldRef.fieldPath), making);
    else if (resourceFieldRef !== undefined) write(path, resourceValue(making.pod, undefined, resourceFieldRef), making);
  }
}

function writeEntries(resource: "secrets" | "configmaps", name: string, { items, optional }: Keyed, making: Making): void {
  const { lookup, failed } = making;
  const object = lookup(resource, name);
  const kind = resource === "secrets" ? "secret" : "configmap";
  if (object === undefined) {
    if (optional) return;
    throw failed(`${kind} "${name}" not found`);
  }
  const entries = entriesOf(resource, object);
  const chosen = items ?? Object.keys(entries).map(key => ({ key, path: key }));
  for (const { key, path } of chosen) {
    if (entries[key] !== undefined) write(path, entries[key], making);
    else if (!optional) throw failed(`references non-existent ${kind} key: ${key}`);
  }
}

function write(path: string, content: string, { place, failed }: Making): void {
  const file = resolve(place, path);
  if (!file.startsWith(place + sep)) throw failed(`path ${path} leads out of the volume`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Container path → path on this machine, for the volumes a container mounts. */
export function mountsOf(container: Container, volumes: Record<string, string>): Record<string, string> {
  const mounts = (container.volumeMounts ?? []).map(({ name, mountPath, subPath }) => {
    const place = join(volumes[name]!, subPath ?? "");
    return [mountPath.replace(/(.)\/$/, "$1"), place] as const;
  });
  return Object.fromEntries(mounts);
}
