import type { Place } from "#core/errors.ts";
import { optionPath } from "#core/pod/option-path.ts";
import type { PodLayerName } from "#core/pod/pod-layers.ts";
import { layerText, type Origin, type Provenance } from "#core/pod/provenance.ts";
import { KubeError } from "./kube-error.ts";
import type { PodManifest } from "./manifest.ts";

/** A field of a pod that the API server refused, and who set it. */
export interface RefusedField {
  /** As the API server names it: `spec.containers[0].resources.limits[memory]`. */
  path: string;
  /** What the API server has against it; "" when its sentence is about the whole pod. */
  message: string;
  /** Who set it; absent when nobody did and that is what is wrong. */
  layer?: PodLayerName;
  /** Where the layer says it: `resources.limits[memory]`, `podOverride.spec.…`. */
  option?: string;
}

interface Finding {
  path: string;
  message: string;
}

/** What an API server's or an admission controller's answer says about single fields. */
const FINDERS: readonly ((error: KubeError, manifest: PodManifest) => Finding[])[] = [
  ({ details }) =>
    (details.causes ?? []).flatMap(({ field = "", message = "" }) =>
      field === "" ? [] : [{ path: field.replaceAll('"', ""), message }],
    ),
  ({ message }) =>
    all(message, /(?:unknown|duplicate) field "([^"]+)"/g).map(([text, path]) => ({ path: path!, message: text! })),
  ({ message }) =>
    all(message, /Go struct field \w+\.(spec[\w.]*|metadata[\w.]*) of type [\w.[\]]+/g).map(([text, path]) => ({
      path: path!,
      message: text!,
    })),
  limitRangeFindings,
  podSecurityFindings,
];

/** The fields that a refusal of this pod is about; [] when it is about none in particular, such as a quota. */
export function refusedFields(error: unknown, manifest: PodManifest, provenance: Provenance): RefusedField[] {
  if (!(error instanceof KubeError)) return [];
  const findings = FINDERS.map(find => find(error, manifest)).find(found => found.length > 0) ?? [];
  return findings.flatMap(finding => {
    const origins = meant(finding, provenance.at(finding.path));
    if (origins.length === 0) return [finding];
    return [...new Map(origins.map(origin => [origin.layer, origin])).values()].map(({ path, name, layer }) => {
      const option = optionPath(layer, origins.length > 1 ? nameOf(finding.path, path, name) : name);
      return { ...finding, layer, option };
    });
  });
}

/** Of everything below a refused field, what the refusal quotes; else what people have set, where somebody has. */
function meant({ message }: Finding, origins: readonly Origin[]): readonly Origin[] {
  if (origins.length < 2) return origins;
  const quoted = origins.filter(({ path }) => message.includes(`"${path.replace(/\]$/, "").split(/[.[]/).at(-1)}"`));
  if (quoted.length > 0) return quoted;
  const bySomebody = origins.filter(({ layer }) => layer !== "default" && layer !== "windlass");
  return bySomebody.length > 0 ? bySomebody : origins;
}

/** The sentence that follows the server's: which layer said so, and where that is written. "" when no field is known. */
export function originText(fields: readonly RefusedField[], task: { id: string; source?: Place | undefined }): string {
  const said = fields.filter(field => field.layer !== undefined).map(field => originOf(field, task));
  return [...new Set(said)].join("; ");
}

type TaskPlace = Parameters<typeof originText>[1];

function originOf({ option = "", layer = "windlass" }: RefusedField, { id, source }: TaskPlace): string {
  const file = source?.file?.split(/[\\/]/).at(-1);
  const where = file === undefined ? "" : ` (${file}:${source?.line ?? 1})`;
  switch (layer) {
    case "task":
    case "podTemplate":
    case "podOverride":
      return `set by ${option} of task '${id}'${where}`;
    case "runOverride":
      return `set by ${option} of the run`;
    case "podDefaults":
      return `set by ${option} of the DAG${where}`;
    default:
      return `${option} comes from ${layerText(layer)}`;
  }
}

/** The name of the enclosing path, from the name of something in it. */
const nameOf = (above: string, path: string, name: string): string => {
  const rest = path.slice(above.length);
  return name.endsWith(rest) ? name.slice(0, name.length - rest.length) : name;
};

const all = (text: string, pattern: RegExp): string[][] => [...text.matchAll(pattern)].map(match => [...match]);

/** "maximum memory usage per Container is 1Gi, but limit is 2Gi" names no container: those are meant that say so. */
function limitRangeFindings({ message }: KubeError, { spec }: PodManifest): Finding[] {
  return all(
    message,
    /(?:maximum|minimum) (\S+) usage per (?:Container|Pod) is [^,\]]+?(?:, but (limit|request) is (\S+?)|\. {2}No (limit|request) is specified)(?=[\s,\].]|$)/g,
  ).flatMap(([text, resource, kind, amount, absent]) => {
    const list = `${kind ?? absent}s` as "limits" | "requests";
    const owners = spec.containers.flatMap(({ resources }, index) => {
      const said = resources?.[list]?.[resource!];
      return said !== undefined && (amount === undefined || said === amount || spec.containers.length === 1) ? [index] : [];
    });
    return owners.map(index => ({ path: `spec.containers[${index}].resources.${list}[${resource}]`, message: text! }));
  });
}

interface PodSecurityField {
  says: RegExp;
  field: string;
  /** Only a pod has it. */
  ofPod?: boolean;
}

/** The fields that PodSecurity's sentences are about. */
const POD_SECURITY: readonly PodSecurityField[] = [
  { says: /allowPrivilegeEscalation/, field: "securityContext.allowPrivilegeEscalation" },
  { says: /capabilities/, field: "securityContext.capabilities" },
  { says: /\bprivileged\b/, field: "securityContext.privileged" },
  { says: /runAsNonRoot/, field: "securityContext.runAsNonRoot" },
  { says: /runAsUser/, field: "securityContext.runAsUser" },
  { says: /seccompProfile/, field: "securityContext.seccompProfile" },
  { says: /hostPort/, field: "ports" },
  { says: /sysctls/, field: "securityContext.sysctls", ofPod: true },
  { says: /hostNetwork/, field: "hostNetwork", ofPod: true },
  { says: /hostPID/, field: "hostPID", ofPod: true },
  { says: /hostIPC/, field: "hostIPC", ofPod: true },
  { says: /volume types/, field: "volumes", ofPod: true },
];

function podSecurityFindings({ message }: KubeError, { spec }: PodManifest): Finding[] {
  const [, listed] = /violates PodSecurity "[^"]+": (.*)$/s.exec(message) ?? [];
  // Sentences stand behind commas, and so do the words in their brackets.
  const sentences = listed?.match(/(?:[^,(]|\([^)]*\))+/g) ?? [];
  return sentences.flatMap(text => {
    const sentence = text.trim();
    const named = all(sentence, /containers? ((?:"[^"]+"(?:, )?)+)/g).flatMap(([, list]) =>
      all(list!, /"([^"]+)"/g).map(([, name]) => name),
    );
    const owners = (["containers", "initContainers"] as const).flatMap(list =>
      (spec[list] ?? []).flatMap(({ name }, index) => (named.includes(name) ? [`spec.${list}[${index}]`] : [])),
    );
    return POD_SECURITY.filter(({ says }) => says.test(sentence)).flatMap(({ field, ofPod }) => {
      const at = ofPod ? ["spec"] : [...(/\(pod\b/.test(sentence) ? ["spec"] : []), ...owners];
      return at.map(owner => ({ path: `${owner}.${field}`, message: sentence }));
    });
  });
}
