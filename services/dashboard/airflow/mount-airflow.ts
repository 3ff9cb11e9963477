import type { IRouter } from "express";
import { mount } from "../http/mount.ts";
import type { Ports } from "../ports.ts";
import { absent } from "./absent.ts";
import { answerMistakes } from "./answer-mistakes.ts";
import { airflowOperations } from "./index.ts";

/** Puts Airflow's API on a router, under /api/v2. What is not there of it is 501. */
export function mountAirflow(router: IRouter, ports: Ports, stopping: AbortSignal): void {
  mount(router, airflowOperations, ports, stopping);
  router.all("/api/v2/*path", request => {
    throw absent(`'${request.method} ${request.path}'`);
  });
  router.use("/api/v2", answerMistakes);
}
