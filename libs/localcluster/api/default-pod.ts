import type { Container, Pod, PodSpec } from "../pod.ts";

const tolerate = (key: string) => ({
  key: `node.kubernetes.io/${key}`,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300,
});

/** `latest` is pulled always, anything pinned when absent. */
const pullPolicyOf = (image: string): "Always" | "IfNotPresent" =>
  /:(?!latest$)[^/]+$|@/.test(image) ? "IfNotPresent" : "Always";

function defaultContainer(container: Container): Container {
  const { limits, requests } = container.resources ?? {};
  return {
    ...container,
    ...(container.env
      ? {
          env: container.env.map(variable => {
            const fieldRef = variable.valueFrom?.fieldRef;
            return fieldRef ? { ...variable, valueFrom: { fieldRef: { apiVersion: "v1", ...fieldRef } } } : variable;
          }),
        }
      : {}),
    resources: limits ? { ...container.resources, requests: { ...limits, ...requests } } : (container.resources ?? {}),
    terminationMessagePath: container.terminationMessagePath ?? "/dev/termination-log",
    terminationMessagePolicy: container.terminationMessagePolicy ?? "File",
    imagePullPolicy: container.imagePullPolicy ?? pullPolicyOf(container.image ?? ""),
  };
}

/** Guaranteed when every container's limits equal its requests for cpu and memory, BestEffort when none asks for anything. */
function qosClass({ containers, initContainers = [] }: PodSpec): string {
  const all = [...containers, ...initContainers].map(({ resources }) => ({
    limits: resources?.limits ?? {},
    requests: resources?.requests ?? {},
  }));
  const counted = ["cpu", "memory"];
  if (all.every(({ limits, requests }) => counted.every(name => limits[name] === undefined && requests[name] === undefined)))
    return "BestEffort";
  const full = all.every(({ limits, requests }) =>
    counted.every(name => limits[name] !== undefined && String(limits[name]) === String(requests[name])),
  );
  return full ? "Guaranteed" : "Burstable";
}

/** Fills in what the API server and its admission plugins fill in, except the token volume: containers get no API token here. */
export function defaultPod(pod: Pod): Pod {
  const given = (pod.spec ?? {}) as PodSpec;
  const account = given.serviceAccountName ?? "default";
  const spec: PodSpec = {
    ...given,
    containers: (given.containers ?? []).map(defaultContainer),
    ...(given.initContainers ? { initContainers: given.initContainers.map(defaultContainer) } : {}),
    restartPolicy: given.restartPolicy ?? "Always",
    terminationGracePeriodSeconds: Math.max(given.terminationGracePeriodSeconds ?? 30, 0),
    dnsPolicy: given.dnsPolicy ?? "ClusterFirst",
    serviceAccountName: account,
    serviceAccount: account,
    securityContext: given.securityContext ?? {},
    schedulerName: given.schedulerName ?? "default-scheduler",
    tolerations: given.tolerations ?? [tolerate("not-ready"), tolerate("unreachable")],
    priority: 0,
    enableServiceLinks: given.enableServiceLinks ?? true,
    preemptionPolicy: "PreemptLowerPriority",
  };
  const gated = (given.schedulingGates ?? []).length > 0;
  const waits = {
    type: "PodScheduled",
    status: "False",
    lastProbeTime: null,
    lastTransitionTime: pod.metadata.creationTimestamp,
    reason: "SchedulingGated",
    message: "Scheduling is blocked due to non-empty scheduling gates",
  } as const;
  return { ...pod, spec, status: { phase: "Pending", ...(gated ? { conditions: [waits] } : {}), qosClass: qosClass(spec) } };
}
