import type { Pod } from "../pod.ts";
import { type KubeObject, seconds } from "../store/kube-object.ts";
import type { ObjectStore } from "../store/object-store.ts";
import { type Cause, cause, refuse } from "./api-error.ts";
import type { Definition } from "./custom-resources.ts";
import { defaultPod } from "./default-pod.ts";
import { podCauses } from "./validate-pod.ts";

/** What admission, defaulting and validation do to a new object of a kind. */
interface Preparation {
  admit?: (object: KubeObject, store: ObjectStore) => void;
  fill?: (object: KubeObject) => KubeObject;
  causes?: (object: KubeObject) => Cause[];
}

const SYSTEM_PRIORITIES = ["system-cluster-critical", "system-node-critical"];

function admitPod(object: KubeObject, store: ObjectStore): void {
  const { metadata, spec } = object as Pod;
  const { name, namespace } = metadata;
  const account = spec?.serviceAccountName ?? "default";
  if (store.get("serviceaccounts", namespace, account) === undefined) {
    throw refuse.forbidden(
      "pods",
      name,
      `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`,
    );
  }
  const priority = spec?.priorityClassName;
  if (priority && !SYSTEM_PRIORITIES.includes(priority)) {
    throw refuse.forbidden("pods", name, `no PriorityClass with name ${priority} was found`);
  }
}

/** `stringData` becomes base64 in `data`, as on the real API server, where it can never be read back. */
function fillSecret({ stringData, data, ...secret }: KubeObject): KubeObject {
  const plain = Object.entries((stringData as Record<string, string> | undefined) ?? {});
  const encoded = Object.fromEntries(plain.map(([key, value]) => [key, Buffer.from(value).toString("base64")]));
  const whole = { ...(data as Record<string, string> | undefined), ...encoded };
  return {
    ...(secret as KubeObject),
    ...(Object.keys(whole).length > 0 ? { data: whole } : {}),
    type: secret.type ?? "Opaque",
  };
}

function admitSecret({ data }: KubeObject): void {
  for (const value of Object.values((data as Record<string, string> | undefined) ?? {})) {
    const wrong = value.search(/[^A-Za-z0-9+/=\r\n]/);
    if (wrong < 0 && value.replaceAll(/[\r\n]/g, "").length % 4 === 0) continue;
    throw refuse.badRequest(
      `Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte ${Math.max(wrong, 0)}`,
    );
  }
}

const fillNamespace = (namespace: KubeObject): KubeObject => ({
  ...namespace,
  metadata: {
    ...namespace.metadata,
    labels: { ...namespace.metadata.labels, "kubernetes.io/metadata.name": namespace.metadata.name },
  },
  spec: { finalizers: ["kubernetes"] },
  status: { phase: "Active" },
});

/** Its kind can be used at once. */
function fillDefinition(object: KubeObject): KubeObject {
  const { spec } = object as Definition;
  const { names, versions } = spec;
  const acceptedNames = { singular: names.kind.toLowerCase(), listKind: `${names.kind}List`, ...names };
  const holds = (type: string, reason: string, message: string) => ({
    type,
    status: "True",
    lastTransitionTime: seconds(Date.now()),
    reason,
    message,
  });
  return {
    ...object,
    metadata: { ...object.metadata, generation: 1 },
    spec: { conversion: { strategy: "None" }, ...spec, names: acceptedNames },
    status: {
      conditions: [
        holds("NamesAccepted", "NoConflicts", "no conflicts found"),
        holds("Established", "InitialNamesAccepted", "the initial names have been accepted"),
      ],
      acceptedNames,
      storedVersions: versions.filter(({ storage }) => storage).map(({ name }) => name),
    },
  };
}

function admitDefinition(object: KubeObject): void {
  const { spec } = object as Partial<Definition>;
  const missing = (["group", "scope", "names", "versions"] as const).filter(field => spec?.[field] === undefined);
  const names = (["plural", "kind"] as const).filter(field => spec?.names !== undefined && spec.names[field] === undefined);
  const causes = [...missing.map(field => `spec.${field}`), ...names.map(field => `spec.names.${field}`)].map(field =>
    cause.required(field),
  );
  if (causes.length === 0 && object.metadata.name !== `${spec!.names!.plural}.${spec!.group}`)
    causes.push(cause.invalid("metadata.name", object.metadata.name, 'must be spec.names.plural+"."+spec.group'));
  if (causes.length > 0) throw refuse.invalid("CustomResourceDefinition.apiextensions.k8s.io", object.metadata.name, causes);
}

/** By kind; a kind that is not here is stored as it comes. */
export const PREPARATIONS: Record<string, Preparation> = {
  Pod: {
    admit: admitPod,
    fill: object => defaultPod({ ...object, metadata: { ...object.metadata, generation: 1 } } as Pod),
    causes: object => podCauses(object as Pod),
  },
  Secret: { admit: admitSecret, fill: fillSecret },
  Namespace: { fill: fillNamespace },
  CustomResourceDefinition: { admit: admitDefinition, fill: fillDefinition },
};
