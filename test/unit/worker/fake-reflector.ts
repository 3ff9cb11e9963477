import type { Pod } from "#kube/pod.ts";
import type { PodChange } from "#kube/pod-listeners.ts";
import type { PodReflector } from "#kube/pod-reflector.ts";
import { Sight } from "#kube/sight.ts";

/** A reflector that shows what the test tells it to. */
export function fakeReflector() {
  const listeners = new Set<(change: PodChange) => void>();
  const reflector: Pick<PodReflector, "subscribe" | "sight"> = {
    subscribe(_name, listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sight: new Sight(),
  };
  return {
    reflector,
    show: (pod: Pod) => {
      for (const listener of [...listeners]) listener({ pod });
    },
    remove: (gone?: Pod) => {
      for (const listener of [...listeners]) listener({ gone, leftSelector: false });
    },
    get listeners() {
      return listeners.size;
    },
  };
}
