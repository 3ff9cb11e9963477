import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type RequestHandler, Router } from "express";

const DIST = fileURLToPath(new URL("web/dist", import.meta.url));

/** What the API, the board and their like answer themselves: a path there that is unknown is no page. */
const NO_PAGES = /^\/(api|queues|problems|healthz|readyz|livez|metrics)(\/|$)|^\/assets\/./;

/**
 * Serves the built pages: files whose names have a hash in them for ever, the entry for every path that a browser may have in its address bar.
 * @param dist where `npm run build:web` has put them
 */
export function webFiles(dist = DIST): Router {
  const router = Router();
  const hashed = { immutable: true, maxAge: "365d", index: false, redirect: false } as const;
  router.use("/assets", preferCompressed(join(dist, "assets")), express.static(join(dist, "assets"), hashed));
  router.use(
    express.static(dist, {
      index: false,
      redirect: false,
      cacheControl: false,
      setHeaders: response => response.set("Cache-Control", "no-cache"),
    }),
  );
  router.get("/{*path}", (request, response, next) => {
    if (NO_PAGES.test(request.path) || request.accepts(["html", "json"]) !== "html") return next();
    const entry = join(dist, "index.html");
    if (!existsSync(entry)) {
      response.status(503).type("html").send(NOT_BUILT);
      return;
    }
    response.set("Cache-Control", "no-cache").sendFile(entry, error => error && next(error));
  });
  return router;
}

/** The build has compressed each text once: nobody has to do it again for every request. */
function preferCompressed(folder: string): RequestHandler {
  return (request, response, next) => {
    response.vary("Accept-Encoding");
    const name = request.path.slice(1);
    const isPlain = !/\.(js|css|svg)$/.test(name) || name.includes("/") || !request.acceptsEncodings("gzip");
    if (isPlain || !existsSync(join(folder, `${name}.gz`))) return next();
    request.url = `${request.url.replace(/\?.*/, "")}.gz`;
    response.type(name.slice(name.lastIndexOf("."))).set("Content-Encoding", "gzip");
    next();
  };
}

const NOT_BUILT = `<!doctype html><html lang="en"><title>Windlass</title>
<p>The pages have not been built: run <code>npm run build:web</code>, or <code>npm run dev</code>, which does it by itself.
The API under <a href="/api/v1/dags">/api/v1</a> and the <a href="/queues">queues</a> work without them.</p></html>
`;
