import { arch, platform } from "node:process";
import { RESOURCES } from "./resources.ts";

const VERSION = {
  major: "1",
  minor: "34",
  gitVersion: "v1.34.0+windlass-local",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "none",
  compiler: "none",
  platform: `${platform}/${arch}`,
};

const resourceList = () =>
  Object.values(RESOURCES).flatMap(({ name, singular, kind, namespaced, shortNames, categories, verbs, subresources }) => [
    { name, singularName: singular, namespaced, kind, verbs, shortNames, ...(categories ? { categories } : {}) },
    ...Object.entries(subresources).map(([subresource, entry]) => ({
      name: `${name}/${subresource}`,
      singularName: "",
      namespaced,
      ...entry,
    })),
  ]);

/** kubectl asks this document only whether a kind's PATCH knows `fieldValidation`. */
const openApi = () => ({
  openapi: "3.0.0",
  info: { title: "Windlass local cluster", version: VERSION.gitVersion },
  components: { schemas: {} },
  paths: Object.fromEntries(
    Object.values(RESOURCES).map(({ name, kind, namespaced }) => [
      `/api/v1/${namespaced ? "namespaces/{namespace}/" : ""}${name}/{name}`,
      {
        patch: {
          "x-kubernetes-action": "patch",
          "x-kubernetes-group-version-kind": { group: "", version: "v1", kind },
          parameters: ["dryRun", "fieldManager", "fieldValidation", "force"].map(parameter => ({
            name: parameter,
            in: "query",
            schema: { type: "string", uniqueItems: true },
          })),
          responses: { 200: { description: "OK" } },
        },
      },
    ]),
  ),
});

/** The documents by which a client learns what the server offers; a string is sent as plain text. */
export const DISCOVERY: Record<string, () => unknown> = {
  "/version": () => VERSION,
  "/healthz": () => "ok",
  "/livez": () => "ok",
  "/readyz": () => "ok",
  "/api": () => ({ kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] }),
  "/apis": () => ({ kind: "APIGroupList", apiVersion: "v1", groups: [] }),
  "/api/v1": () => ({ kind: "APIResourceList", groupVersion: "v1", resources: resourceList() }),
  "/openapi/v3": () => ({ paths: { "api/v1": { serverRelativeURL: "/openapi/v3/api/v1" } } }),
  "/openapi/v3/api/v1": openApi,
};
