import { OBJECT_FIELDS } from "./object-fields.ts";

/**
 * Lists whose items are merged one by one, and the field that tells the items apart: the patch strategies of Kubernetes' own types,
 * by struct and field. Every other list is replaced as a whole.
 */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  "PodSpec.containers": "name",
  "PodSpec.initContainers": "name",
  "PodSpec.ephemeralContainers": "name",
  "PodSpec.volumes": "name",
  "PodSpec.imagePullSecrets": "name",
  "PodSpec.schedulingGates": "name",
  "PodSpec.resourceClaims": "name",
  "PodSpec.hostAliases": "ip",
  "PodSpec.topologySpreadConstraints": "topologyKey",
  "Container.env": "name",
  "Container.volumeMounts": "mountPath",
  "Container.volumeDevices": "devicePath",
  "Container.ports": "containerPort",
  "ObjectMeta.ownerReferences": "uid",
};

export const mergeKeyOf = (struct: string, field: string): string | undefined => MERGE_KEYS[`${struct}.${field}`];

const allBut = (struct: string, ...names: string[]): readonly string[] =>
  Object.keys(OBJECT_FIELDS.types[struct] ?? {}).filter(field => !names.includes(field));

/** Fields of which a struct may have one: setting another one takes the first away. kubectl would leave both, and the API refuse them. */
const ALTERNATIVES: Readonly<Record<string, readonly string[]>> = {
  Volume: allBut("Volume", "name"),
  EnvVar: ["value", "valueFrom"],
  EnvVarSource: allBut("EnvVarSource"),
  LifecycleHandler: allBut("LifecycleHandler"),
  Probe: ["exec", "grpc", "httpGet", "tcpSocket"],
};

export const alternativesOf = (struct: string): readonly string[] => ALTERNATIVES[struct] ?? [];
