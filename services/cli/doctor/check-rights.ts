import type { Kube } from "#kube/kube.ts";
import { KubeError } from "#kube/kube-error.ts";
import { isAllowed, type Subject, whoAmI } from "./ask-rights.ts";
import type { Finding } from "./finding.ts";
import { FORBIDDEN_RIGHTS, NEEDED_RIGHTS, type Right, SUPERFLUOUS_RIGHTS } from "./worker-rights.ts";

const AT_ONCE = 8;

/**
 * Every verb of a worker's role, what it should not have, and secrets. A person may do more than a worker: of the kubeconfig's own user what is
 * too much is only a note, of a service account, or of the `subject` that was named, it is wrong.
 */
export async function checkRights(
  kube: Pick<Kube, "send">,
  namespace: string,
  subject: Subject | undefined,
  signal: AbortSignal,
): Promise<Finding[]> {
  try {
    const user = subject?.user ?? (await whoAmI(kube, signal));
    const held = await heldRights(kube, namespace, subject, signal);
    const isWorker = subject !== undefined || user?.startsWith("system:serviceaccount:") === true;
    return judge({ user: user ?? "this kubeconfig's user", isWorker, namespace, isHeld: right => held.has(textOf(right)) });
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    if (error.status === 404) return [{ check: "rights", state: "skipped", sentence: "this cluster answers no access reviews" }];
    if (error.status === 403 && subject !== undefined) {
      const fix = "Ask as an administrator, or run the doctor in a worker's pod.";
      return [{ check: "rights", state: "wrong", sentence: `you may not ask for the rights of ${subject.user}`, fix }];
    }
    throw error;
  }
}

async function heldRights(kube: Pick<Kube, "send">, namespace: string, subject: Subject | undefined, signal: AbortSignal) {
  const waiting = [...NEEDED_RIGHTS, ...FORBIDDEN_RIGHTS, ...SUPERFLUOUS_RIGHTS];
  const held = new Set<string>();
  const ask = async () => {
    for (let right = waiting.pop(); right !== undefined; right = waiting.pop())
      if (await isAllowed(kube, right, namespace, subject, signal)) held.add(textOf(right));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return held;
}

interface Held {
  user: string;
  isWorker: boolean;
  namespace: string;
  isHeld(right: Right): boolean;
}

/** Pure. */
export function judge({ user, isWorker, namespace, isHeld }: Held): Finding[] {
  const missing = NEEDED_RIGHTS.filter(right => !isHeld(right));
  const secrets = FORBIDDEN_RIGHTS.filter(isHeld);
  const more = SUPERFLUOUS_RIGHTS.filter(isHeld);
  const tooMuch = { state: isWorker ? "wrong" : "note" } as const;
  const less = isWorker
    ? "Take them out of the account's roles; k8s/base/worker-rights.yaml is all that a worker needs."
    : `To judge the workers' account: --as system:serviceaccount:${namespace}:windlass-worker`;
  return [
    ...missing.map(right =>
      finding("wrong", `${user} may not ${textOf(right)} in ${namespace}`, "Apply k8s/base/worker-rights.yaml to the namespace."),
    ),
    ...(missing.length === 0 ? [finding("ok", `${user} may do all that a worker does in ${namespace}`)] : []),
    ...(secrets.length === 0
      ? [finding("ok", "secrets are out of reach")]
      : [finding(tooMuch.state, `${user} may ${listOf(secrets)}`, less)]),
    ...(more.length === 0
      ? [finding("ok", "and no more than that")]
      : [finding(tooMuch.state, `${user} may also ${listOf(more)}`, less)]),
  ];
}

const finding = (state: Finding["state"], sentence: string, fix?: string): Finding => ({
  check: "rights",
  state,
  sentence,
  ...(fix === undefined ? {} : { fix }),
});

const textOf = ({ verb, resource, group }: Right): string => `${verb} ${resource}${group === "" ? "" : `.${group}`}`;
const listOf = (rights: readonly Right[]): string => rights.map(textOf).join(", ");
