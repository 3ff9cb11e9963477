import type { Container, Pod, SecurityContext } from "../pod.ts";
import { ConfigError } from "./container-env.ts";

/** The images here run as root, as the official ones do; a pod that forbids root meets a real node's refusal, a {@link ConfigError}. */
export function refuseRoot({ metadata, spec }: Pod, container: Container): void {
  const effective: SecurityContext = { ...spec.securityContext, ...container.securityContext };
  if (!effective.runAsNonRoot || (effective.runAsUser ?? 0) > 0) return;
  const subject = `(pod: "${metadata.name}_${metadata.namespace}(${metadata.uid})", container: ${container.name})`;
  const why =
    effective.runAsUser === 0
      ? "container's runAsUser breaks non-root policy"
      : "container has runAsNonRoot and image will run as root";
  throw new ConfigError(`${why} ${subject}`);
}
