import { onShutdown } from "#runtime/signals.ts";
import { version } from "#runtime/version.ts";
import { DEV_USAGE, readDevOptions } from "./dev-options.ts";
import { startDevStack } from "./dev-stack.ts";
import { failWith } from "./fail-with.ts";

const say = (line: string) => console.log(line);
if (process.argv.includes("--help")) {
  say(DEV_USAGE);
  process.exit(0);
}
try {
  const options = readDevOptions(process.argv.slice(2));
  const stack = await startDevStack(options, say);
  onShutdown(() => stack.close(), { deadlineMs: 20_000 });
  const url = stack.dashboardUrl;
  say(`windlass ${version} dev server, not for production (ready in ${(performance.now() / 1_000).toFixed(1)} s)`);
  say(`  Dashboard     ${url}   (login off: bound to loopback)`);
  say(`  Bull Board    ${url}/queues`);
  say(`  API           ${url}/api/v1`);
  say(`  Redis         ${stack.redis}`);
  say(`  Pods          ${stack.pods}`);
  if (stack.kubeconfig) say(`  kubectl       kubectl --kubeconfig ${stack.kubeconfig} get pods`);
  say(`  DAGs          ${options.dagsDir}, watched: a saved file is live within a second`);
  say(`Try:  curl -X POST ${url}/api/v1/dags/kubernetes_sample/runs`);
} catch (error) {
  failWith(error);
}
