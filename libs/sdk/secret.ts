import type { V1EnvFromSource } from "@kubernetes/client-node";
import type { SecretRef } from "#core/pod/env-value.ts";
import type { Mount } from "#core/pod/pod-spec.ts";
import { type FileOptions, fileItems } from "./file-items.ts";

interface RefOptions {
  /** true: the container starts without the variable when Secret or key are missing. Default: the try fails. */
  optional?: boolean;
}

/** The short form of {@link secret.env}. */
export function secret(name: string, key: string, options: RefOptions = {}): SecretRef {
  return { secret: name, key, ...options };
}

/**
 * One key of a Kubernetes Secret in the task's namespace, as the value of a variable. The kubelet puts it into the container; Windlass
 * never reads it.
 *
 *     env: { DB_PASSWORD: secret.env("task-db", "password") }
 *     envFrom: [secret.envFrom("task-db", "DB_")]
 *     mounts: [secret.file("task-tls", { path: "/etc/tls", items: { "tls.key": "key.pem" }, mode: 0o400 })]
 */
secret.env = (name: string, key: string, options: RefOptions = {}): SecretRef => secret(name, key, options);

/** Every key of the Secret as a variable, its name behind the prefix. Default: no prefix. */
secret.envFrom = (name: string, prefix?: string): V1EnvFromSource => ({
  ...(prefix === undefined ? {} : { prefix }),
  secretRef: { name },
});

/** The Secret's keys as read-only files in the directory `path`. They follow changes of the Secret within about a minute. */
secret.file = (name: string, { path, ...options }: FileOptions): Mount => ({
  path,
  source: { secret: { secretName: name, ...fileItems(options) } },
});
