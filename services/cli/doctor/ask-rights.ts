import type { Kube } from "#kube/kube.ts";
import { KubeError } from "#kube/kube-error.ts";
import type { Right } from "./worker-rights.ts";

type Send = Pick<Kube, "send">;

interface Review {
  status?: { allowed?: boolean; userInfo?: { username?: string } };
}

/** Somebody else whose rights are asked for; who asks must be allowed to. */
export interface Subject {
  user: string;
}

/** Who the kubeconfig is. undefined: the cluster does not say. */
export async function whoAmI(kube: Send, signal: AbortSignal): Promise<string | undefined> {
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  try {
    const review = (await kube.send({
      method: "POST",
      path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
      body,
      signal,
    })) as Review;
    return review.status?.userInfo?.username;
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  }
}

/** Whether the cluster would allow it in the namespace. @throws KubeError; 404 from clusters that answer no reviews */
export async function isAllowed(
  kube: Send,
  { group, resource: whole, verb }: Right,
  namespace: string,
  subject: Subject | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const [resource, subresource] = whole.split("/");
  const resourceAttributes = { namespace, verb, group, resource, ...(subresource === undefined ? {} : { subresource }) };
  const kind = subject === undefined ? "SelfSubjectAccessReview" : "SubjectAccessReview";
  const body = {
    apiVersion: "authorization.k8s.io/v1",
    kind,
    spec: { resourceAttributes, ...(subject === undefined ? {} : { user: subject.user, groups: groupsOf(subject.user) }) },
  };
  const path = `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`;
  const review = (await kube.send({ method: "POST", path, body, signal })) as Review;
  return review.status?.allowed === true;
}

/** The groups that Kubernetes puts an account into by itself. */
export function groupsOf(user: string): string[] {
  const [, namespace] = /^system:serviceaccount:([^:]+):/.exec(user) ?? [];
  const ofAccounts = namespace === undefined ? [] : ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
  return [...ofAccounts, "system:authenticated"];
}
