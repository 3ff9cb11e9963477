import { readFileSync } from "node:fs";
import { Router } from "express";

const CSS = readFileSync(new URL("page.css", import.meta.url), "utf8");

/** What the login page needs, and whoever has not logged in may have. */
export function publicAssets(): Router {
  const router = Router();
  router.get("/page.css", (_request, response) => void response.type("text/css").set("Cache-Control", "no-cache").send(CSS));
  return router;
}
