import { readFileSync } from "node:fs";
import { type Request, type Response, Router } from "express";
import type { Caller, CallerReader } from "../auth/caller.ts";
import { identityOf } from "../auth/identity.ts";
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

const serve = (router: Router, assets: readonly ReturnType<typeof asset>[]): void => {
  for (const { path, type, text } of assets)
    router.get(path, (_request, response) => void response.type(type).set("Cache-Control", "no-cache").send(text));
};

/** What the login page needs. */
export function publicAssets(): Router {
  const router = Router();
  serve(router, [asset("page.css", "text/css")]);
  return router;
}

/** The pages for people: `/` and `/runs/:runId`, rendered here once and by the browser from then on. */
export function pages(ports: Ports, readCaller: CallerReader): Router {
  const router = Router();
  serve(router, [asset("page.js", "text/javascript"), asset("render.js", "text/javascript")]);

  router.get("/", async (request, response) => {
    const draw = async (caller: Caller) => renderHome(await readHome(ports, caller), ports.now());
    await show(request, response, { view: "home", title: "Windlass" }, draw);
  });
  router.get("/runs/:runId", async (request, response) => {
    const { runId } = request.params;
    await show(request, response, { view: runId, title: `${runId} · Windlass` }, async caller => {
      const run = await ports.runs.getRun(runId);
      if (run === undefined || !caller.mayRead(run.dagId)) throw unknownRun(runId);
      return renderRun(await readRunDetail(run, ports), ports.now());
    });
  });
  return router;

  /** A view that cannot be drawn says why; the browser goes on trying. */
  async function show(
    request: Request,
    response: Response,
    page: { view: string; title: string },
    draw: (caller: Caller) => Promise<string>,
  ): Promise<void> {
    const identity = identityOf(request)!;
    let status = 200;
    let content = "";
    let message = "";
    try {
      content = await draw(await readCaller(identity, "viewer"));
    } catch (thrown) {
      const error = asApiError(thrown);
      status = statusOf(error.code);
      // A defect is the log's matter: it has the cause.
      if (status === 500) throw thrown;
      message = `${error.message}. ${error.next}`;
      response.set(error.details.headers ?? {});
    }
    const { name, session } = identity;
    const login = session && { name, csrf: session.csrf };
    const shell = renderShell({ ...page, content, message, ...(login && { login }) });
    response.status(status).type("html").set("Cache-Control", "no-store").send(shell);
  }
}
