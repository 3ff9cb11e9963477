import type { Condition, ContainerStatus, Pod, PodStatus } from "../pod.ts";

export type Role = "init" | "sidecar" | "main";

/** What the node knows about a pod. */
export interface PodFacts {
  containers: { role: Role; status: ContainerStatus }[];
  /** Whether containers could be started: network and volumes are there. */
  sandbox: boolean;
  /** How the pod ends, once that is certain. */
  verdict?: "Succeeded" | "Failed";
  /** Whether everything has stopped, so that the phase may say so. On a real node this comes a second after the last container's end. */
  settled: boolean;
  /** Why the node or a person ended it: status.reason and status.message. */
  ending?: { reason: string; message: string };
  /** Conditions that belong to somebody else, such as DisruptionTarget. */
  extra?: Condition[];
}

const OWN = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];

type Judgement = Pick<Condition, "status" | "reason" | "message">;

/** The status a kubelet writes for these facts. Transition times are kept where a condition has not turned. */
export function podStatus(pod: Pod, facts: PodFacts, now: string): PodStatus {
  const { status } = pod;
  const judgements: Record<string, Judgement> = {
    PodReadyToStartContainers: { status: facts.sandbox && !facts.settled ? "True" : "False" },
    Initialized: initialized(facts),
    Ready: ready(facts),
    ContainersReady: ready(facts),
    PodScheduled: { status: "True" },
  };
  const before = new Map((status.conditions ?? []).map(condition => [condition.type, condition]));
  const conditions = OWN.map((type): Condition => {
    const judgement = judgements[type]!;
    const known = before.get(type);
    const since = known?.status === judgement.status ? (known.lastTransitionTime ?? now) : now;
    return { type, lastProbeTime: null, lastTransitionTime: since, ...judgement };
  });
  const foreign = [...before.values(), ...(facts.extra ?? [])].filter(({ type }) => !OWN.includes(type));
  const distinct = [...new Map(foreign.map(condition => [condition.type, condition])).values()];
  const statuses = (roles: Role[]) => facts.containers.filter(({ role }) => roles.includes(role)).map(one => one.status);
  const init = statuses(["init", "sidecar"]);
  const { reason: _, message: __, ...kept } = status;
  return {
    ...kept,
    observedGeneration: pod.metadata.generation ?? 1,
    phase: phaseOf(status, facts),
    ...(facts.ending && facts.settled ? facts.ending : {}),
    conditions: [...distinct, ...conditions],
    hostIP: "127.0.0.1",
    hostIPs: [{ ip: "127.0.0.1" }],
    ...(facts.sandbox ? { podIP: "127.0.0.1", podIPs: [{ ip: "127.0.0.1" }] } : {}),
    startTime: status.startTime ?? now,
    ...(init.length > 0 ? { initContainerStatuses: init } : {}),
    containerStatuses: statuses(["main"]),
  };
}

/** A pod is Running from the first start of a main container on, and stays it until it has settled. */
function phaseOf(status: PodStatus, { containers, verdict, settled }: PodFacts): PodStatus["phase"] {
  if (settled && verdict !== undefined) return verdict;
  const started = containers.some(({ role, status: { state } }) => role === "main" && state.running !== undefined);
  return started || status.phase === "Running" ? "Running" : "Pending";
}

function initialized({ containers, verdict }: PodFacts): Judgement {
  const incomplete = containers.filter(({ role, status: { state, started } }) => {
    if (role === "init") return state.terminated?.exitCode !== 0;
    return role === "sidecar" && !started && state.terminated === undefined;
  });
  if (incomplete.length > 0) {
    return {
      status: "False",
      reason: "ContainersNotInitialized",
      message: `containers with incomplete status: [${namesOf(incomplete)}]`,
    };
  }
  return verdict === "Succeeded" ? { status: "True", reason: "PodCompleted" } : { status: "True" };
}

function ready({ containers, verdict }: PodFacts): Judgement {
  if (verdict !== undefined) return { status: "False", reason: verdict === "Succeeded" ? "PodCompleted" : "PodFailed" };
  const unready = containers.filter(({ role, status }) => role !== "init" && !status.ready);
  if (unready.length === 0) return { status: "True" };
  return { status: "False", reason: "ContainersNotReady", message: `containers with unready status: [${namesOf(unready)}]` };
}

const namesOf = (containers: PodFacts["containers"]): string => containers.map(({ status }) => status.name).join(" ");
