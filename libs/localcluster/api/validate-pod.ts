import type { Container, EnvVar, Pod, Volume } from "../pod.ts";
import { type Cause, cause } from "./api-error.ts";
import { quantityValue } from "./quantity.ts";
import { labelCauses, subdomainCauses } from "./validate-metadata.ts";

const RESTART_POLICIES = ["Always", "OnFailure", "Never"];
const PULL_POLICIES = ["Always", "IfNotPresent", "Never"];
const MESSAGE_POLICIES = ["File", "FallbackToLogsOnError"];
const ENV_NAME = /^[ -<>-~]+$/;
const SOURCES = "`fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`";

const oneOf = (field: string, value: string | undefined, supported: string[]): Cause[] =>
  value === undefined || supported.includes(value) ? [] : [cause.unsupported(field, value, supported)];

/** The rules a pod's author meets most, in the order and words of the real API server. The rest of its rules are not checked here. */
export function podCauses({ spec }: Pod): Cause[] {
  const deadline = spec.activeDeadlineSeconds;
  const volumes = new Set<string>();
  const containers = new Set<string>();
  const causes = (spec.volumes ?? []).flatMap((volume, index) => volumeCauses(volume, `spec.volumes[${index}]`, volumes));
  if (!spec.containers?.length) causes.push(cause.required("spec.containers"));
  for (const list of ["containers", "initContainers"] as const) {
    (spec[list] ?? []).forEach((container, index) => {
      causes.push(...containerCauses(container, `spec.${list}[${index}]`, volumes, containers));
    });
  }
  causes.push(...oneOf("spec.restartPolicy", spec.restartPolicy, RESTART_POLICIES));
  if (deadline !== undefined && !(deadline >= 1 && deadline <= 2_147_483_647)) {
    causes.push(cause.invalid("spec.activeDeadlineSeconds", deadline, "must be between 1 and 2147483647, inclusive"));
  }
  return causes;
}

function nameCauses(field: string, name: string | undefined, seen: Set<string>): Cause[] {
  if (!name) return [cause.required(field)];
  if (seen.has(name)) return [cause.duplicate(field, name)];
  seen.add(name);
  return labelCauses(field, name);
}

function volumeCauses(volume: Volume, path: string, seen: Set<string>): Cause[] {
  const sources = Object.keys(volume).filter(key => key !== "name" && volume[key] !== undefined);
  return [
    ...nameCauses(`${path}.name`, volume.name, seen),
    ...(sources.length > 1 ? [cause.forbidden(`${path}.${sources[1]}`, "may not specify more than 1 volume type")] : []),
  ];
}

function containerCauses(container: Container, path: string, volumes: Set<string>, seen: Set<string>): Cause[] {
  const { image, env = [], volumeMounts = [] } = container;
  const imageCauses = !image
    ? [cause.required(`${path}.image`)]
    : image === image.trim()
      ? []
      : [cause.invalid(`${path}.image`, image, "must not have leading or trailing whitespace")];
  return [
    ...nameCauses(`${path}.name`, container.name, seen),
    ...imageCauses,
    ...env.flatMap((variable, index) => envCauses(variable, `${path}.env[${index}]`)),
    ...volumeMounts.flatMap((mount, index) => [
      ...(!mount.name ? [cause.required(`${path}.volumeMounts[${index}].name`)] : []),
      ...(mount.name && !volumes.has(mount.name) ? [cause.notFound(`${path}.volumeMounts[${index}].name`, mount.name)] : []),
      ...(!mount.mountPath ? [cause.required(`${path}.volumeMounts[${index}].mountPath`)] : []),
    ]),
    ...oneOf(`${path}.imagePullPolicy`, container.imagePullPolicy, PULL_POLICIES),
    ...oneOf(`${path}.terminationMessagePolicy`, container.terminationMessagePolicy, MESSAGE_POLICIES),
    ...resourceCauses(container, `${path}.resources`),
  ];
}

function envCauses({ name, value, valueFrom }: EnvVar, path: string): Cause[] {
  const causes: Cause[] = [];
  if (!name) causes.push(cause.required(`${path}.name`));
  else if (!ENV_NAME.test(name)) {
    causes.push(
      cause.invalid(
        `${path}.name`,
        name,
        "a valid environment variable name must consist only of printable ASCII characters other than '='",
      ),
    );
  }
  if (valueFrom === undefined) return causes;
  for (const source of ["configMapKeyRef", "secretKeyRef"] as const) {
    const reference = valueFrom[source];
    if (reference === undefined) continue;
    causes.push(...subdomainCauses(`${path}.valueFrom.${source}.name`, reference.name ?? ""));
    if (!reference.key) causes.push(cause.required(`${path}.valueFrom.${source}.key`));
  }
  const sources = Object.values(valueFrom).filter(source => source !== undefined).length;
  if (sources === 0) causes.push(cause.invalid(`${path}.valueFrom`, "", `must specify one of: ${SOURCES}`));
  else if (value) causes.push(cause.invalid(`${path}.valueFrom`, "", "may not be specified when `value` is not empty"));
  else if (sources > 1)
    causes.push(cause.invalid(`${path}.valueFrom`, "", "may not have more than one field specified at a time"));
  return causes;
}

function resourceCauses({ resources }: Container, path: string): Cause[] {
  const { limits = {}, requests = {} } = resources ?? {};
  const causes: Cause[] = [];
  for (const [name, amount] of Object.entries(limits)) {
    if (quantityValue(amount) < 0)
      causes.push(cause.invalid(`${path}.limits[${name}]`, String(amount), "must be greater than or equal to 0"));
  }
  for (const [name, amount] of Object.entries(requests)) {
    const limit = limits[name];
    if (quantityValue(amount) < 0)
      causes.push(cause.invalid(`${path}.requests[${name}]`, String(amount), "must be greater than or equal to 0"));
    else if (limit !== undefined && quantityValue(amount) > quantityValue(limit)) {
      causes.push(cause.invalid(`${path}.requests`, String(amount), `must be less than or equal to ${name} limit of ${limit}`));
    }
  }
  return causes;
}

/** What may change in a pod's spec after its creation. */
const MUTABLE =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** Everything but what an update may change; two pods whose fixed parts differ cannot follow each other. */
function fixedPart({ spec }: Pod): string {
  const {
    activeDeadlineSeconds: _,
    tolerations: __,
    schedulingGates: ___,
    nodeName: ____,
    containers,
    initContainers = [],
    ...rest
  } = spec;
  return JSON.stringify([[...containers, ...initContainers].map(container => ({ ...container, image: "" })), rest]);
}

/** The causes of refusing an update of a pod. */
export function podUpdateCauses(before: Pod, after: Pod): Cause[] {
  const causes = podCauses(after);
  return fixedPart(before) === fixedPart(after) ? causes : [...causes, cause.forbidden("spec", MUTABLE)];
}
