import { readFileSync } from "node:fs";
import { type Response, Router } from "express";
import { asApiError } from "../http/as-api-error.ts";
import { statusOf } from "../http/status.ts";
import type { Ports } from "../ports.ts";
import { readRunDetail } from "../replies/run-detail-reply.ts";
import { unknownRun } from "../routes/unknown.ts";
import { readHome } from "./read-home.ts";
import { renderHome, renderRun, renderShell } from "./render.js";

const asset = (name: string, type: string) => ({
  path: `/${name}`,
  type,
  text: readFileSync(new URL(name, import.meta.url), "utf8"),
});

/** The pages for people: `/` and `/runs/:runId`, rendered here once and by the browser from then on. */
export function pages(ports: Ports): Router {
  const router = Router();
  for (const { path, type, text } of [
    asset("page.js", "text/javascript"),
    asset("render.js", "text/javascript"),
    asset("page.css", "text/css"),
  ]) {
    router.get(path, (_request, response) => void response.type(type).set("Cache-Control", "no-cache").send(text));
  }

  router.get("/", async (_request, response) => {
    await show(response, "home", "Windlass", async () => renderHome(await readHome(ports), ports.now()));
  });
  router.get("/runs/:runId", async (request, response) => {
    const { runId } = request.params;
    await show(response, runId, `${runId} · Windlass`, async () => {
      const run = await ports.runs.getRun(runId);
      if (run === undefined) throw unknownRun(runId);
      return renderRun(await readRunDetail(run, ports), ports.now());
    });
  });
  return router;
}

/** A view that cannot be drawn says why; the browser goes on trying. */
async function show(response: Response, view: string, title: string, draw: () => Promise<string>): Promise<void> {
  let status = 200;
  let content = "";
  let message = "";
  try {
    content = await draw();
  } catch (thrown) {
    const error = asApiError(thrown);
    status = statusOf(error.code);
    // A defect is the log's matter: it has the cause.
    if (status === 500) throw thrown;
    message = `${error.message}. ${error.next}`;
    response.set(error.details.headers ?? {});
  }
  response.status(status).type("html").set("Cache-Control", "no-store").send(renderShell({ view, title, content, message }));
}
