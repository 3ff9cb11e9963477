import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const DASHBOARD = process.env.WINDLASS_URL ?? "http://127.0.0.1:8080";

/** A compressed copy beside each text, so that the server need not compress what never changes. */
const compressed = (): Plugin => ({
  name: "compressed",
  closeBundle() {
    const folder = here("dist/assets/");
    for (const name of readdirSync(folder).filter(file => /\.(js|css|svg)$/.test(file))) {
      writeFileSync(`${folder}${name}.gz`, gzipSync(readFileSync(folder + name), { level: 9 }));
    }
  },
});

/** Builds the pages into dist/; the dashboard serves what lies there. With `vite` alone: a dev server in front of the dashboard at WINDLASS_URL, port 8080 if it is not set. */
export default defineConfig({
  root: here("."),
  base: "/",
  plugins: [compressed()],
  resolve: { alias: [{ find: /^#(core|contract)\//, replacement: `${here("../../../libs")}/$1/` }] },
  build: {
    outDir: here("dist"),
    emptyOutDir: true,
    assetsDir: "assets",
    // Data URLs in a style sheet are loaded by everybody, whether they are shown or not.
    assetsInlineLimit: 0,
    target: "es2023",
    manifest: true,
    reportCompressedSize: false,
    rolldownOptions: {
      // Libraries say "use client" for frameworks that render on servers; it means nothing here.
      onLog(level, log, handle) {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") handle(level, log);
      },
    },
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(["^/api/v", "/queues", "/problems", "/login", "/logout"].map(path => [path, DASHBOARD])),
  },
});
