// The classic example: two pods are given the same command, and one of them cannot run it. Start it from the dashboard, or
// with POST /api/v1/dags/kubernetes_sample/runs.
import { dag } from "windlass";

export default dag(
  "kubernetes_sample",
  {
    description: "One task that succeeds and one that fails",
    tags: ["example"],
    // No schedule: a run starts when somebody asks for one.
    // What stands here holds for every task below. A failed try is repeated once, ten seconds later.
    defaultArgs: { labels: { foo: "bar" }, retries: 1, retryDelay: "10s" },
  },
  d => {
    // A task without work: it marks the start and needs no pod.
    const first = d.empty("run_this_first");

    // Every try of a d.pod task is one Kubernetes pod. This one prints a line and succeeds.
    const passing = d.pod("passing-task", {
      image: "python:3.11-slim",
      command: ["python", "-c"],
      args: ["print('hello world')"],
    });

    // Debian's slim image has no Python, so the container cannot start: look at the reason, the retry, then the failed run.
    const failing = d.pod("failing-task", {
      image: "debian:12-slim",
      command: ["python", "-c"],
      args: ["print('hello world')"],
    });

    // Both wait for the first task, then run side by side.
    first.before(passing, failing);
  },
);
