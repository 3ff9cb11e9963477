import { readFileSync } from "node:fs";
import { Router } from "express";
import { ERRORS, type ErrorCode } from "#core/errors.ts";
import type { AnyRoute } from "../http/route.ts";
import { describeApi } from "./describe-api.ts";
import { renderDocs, renderError, renderErrors } from "./render-docs.ts";

const STYLE = readFileSync(new URL("docs.css", import.meta.url), "utf8");

/** What the API says of itself: `/api/openapi.json`, `/api/docs`, and a page for every code of a problem. All of it from this server. */
export function docsRoutes(routes: readonly AnyRoute[]): Router {
  const router = Router();
  const about = describeApi(routes);
  const json = JSON.stringify(about);
  const pages: Readonly<Record<string, [type: string, text: string]>> = {
    "/api/openapi.json": ["application/json", json],
    "/api/docs": ["html", renderDocs(about)],
    "/api/docs/docs.css": ["text/css", STYLE],
    "/api/docs/errors": ["html", renderErrors()],
  };
  for (const [path, [type, text]] of Object.entries(pages))
    router.get(path, (_request, response) => void response.type(type).set("Cache-Control", "no-cache").send(text));
  router.get("/api/docs/errors/:code", (request, response, next) => {
    const { code } = request.params;
    if (!Object.hasOwn(ERRORS, code)) return next();
    response
      .type("html")
      .set("Cache-Control", "no-cache")
      .send(renderError(code as ErrorCode));
  });
  return router;
}
