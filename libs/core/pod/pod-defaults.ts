import { isObject, type JsonObject } from "./object-fields.ts";

/** "nonroot" of the distroless images; every image can run as it unless it insists on root. */
const UNPRIVILEGED_ID = 65_532;

const REQUESTS: Readonly<Record<string, string>> = { cpu: "100m", memory: "128Mi" };

/** Fit for the PodSecurity level "restricted": no token, no service variables, no privileges. */
const POD = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  terminationGracePeriodSeconds: 30,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: UNPRIVILEGED_ID,
    runAsGroup: UNPRIVILEGED_ID,
    fsGroup: UNPRIVILEGED_ID,
    seccompProfile: { type: "RuntimeDefault" },
  },
};

const CONTAINER = {
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  terminationMessagePolicy: "FallbackToLogsOnError",
};

/**
 * The lowest layer of a pod, for the containers that the layers above bring: what holds when nobody says otherwise.
 * @param pod the layers above, merged
 */
export function podDefaults(pod: JsonObject): JsonObject {
  const spec = isObject(pod.spec) ? pod.spec : {};
  const lists = ["initContainers", "containers"].filter(list => Array.isArray(spec[list]));
  return {
    spec: {
      ...POD,
      ...Object.fromEntries(lists.map(list => [list, (spec[list] as unknown[]).filter(isObject).map(defaultsOf)])),
    },
  };
}

const defaultsOf = (container: JsonObject): JsonObject => ({
  name: container.name,
  ...CONTAINER,
  resources: { requests: requestsOf(container.resources) },
});

/** A limit without a request is Kubernetes' own request; a default beside it could be larger than the limit. */
function requestsOf(resources: unknown): JsonObject {
  const limits = isObject(resources) && isObject(resources.limits) ? resources.limits : {};
  return Object.fromEntries(Object.entries(REQUESTS).filter(([name]) => limits[name] === undefined));
}
