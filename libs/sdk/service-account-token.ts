import type { Mount } from "#core/pod/pod-spec.ts";

export interface ServiceAccountTokenOptions {
  /** Who is meant to accept the token: "vault". Default: the API server. */
  audience?: string;
  /** How long one token holds; the kubelet renews it in time. At least 600. Default: 3600. */
  expirationSeconds?: number;
  /** The token's file in the container: "/var/run/secrets/vault/token". */
  path: string;
}

/** A token of the task's ServiceAccount as a file: short-lived, bound to the pod, made for one audience. */
export function serviceAccountToken({ audience, expirationSeconds = 3_600, path }: ServiceAccountTokenOptions): Mount {
  const cut = path.lastIndexOf("/");
  const token = { path: path.slice(cut + 1), expirationSeconds, ...(audience === undefined ? {} : { audience }) };
  return { path: path.slice(0, cut) || "/", source: { projected: { sources: [{ serviceAccountToken: token }] } } };
}
