import { arch, platform } from "node:process";
import type { ObjectStore } from "../store/object-store.ts";
import { resourcesOf } from "./custom-resources.ts";
import type { Resource } from "./resources.ts";

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

/** What is served together: a version of a group. */
interface GroupVersion {
  group: string;
  version: string;
  apiVersion: string;
  resources: Resource[];
}

function groupVersions(store: ObjectStore): GroupVersion[] {
  const byVersion = Map.groupBy(resourcesOf(store), resource => resource.apiVersion);
  return [...byVersion].map(([apiVersion, resources]) => {
    const { group, version } = resources[0]!;
    return { group, version, apiVersion, resources };
  });
}

const rootOf = ({ group, apiVersion }: GroupVersion): string => `${group === "" ? "api" : "apis"}/${apiVersion}`;

const resourceList = ({ apiVersion, resources }: GroupVersion) => ({
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion: apiVersion,
  resources: resources.flatMap(({ plural, singular, kind, namespaced, shortNames, categories, verbs, subresources }) => [
    { name: plural, singularName: singular, namespaced, kind, verbs, shortNames, ...(categories ? { categories } : {}) },
    ...Object.entries(subresources).map(([subresource, entry]) => ({
      name: `${plural}/${subresource}`,
      singularName: "",
      namespaced,
      ...entry,
    })),
  ]),
});

/** The groups beside the core, each with its versions; the first is the preferred one. */
function apiGroups(versions: readonly GroupVersion[]) {
  const groups = Map.groupBy(
    versions.filter(({ group }) => group !== ""),
    ({ group }) => group,
  );
  return [...groups].map(([name, own]) => {
    const offered = own.map(({ apiVersion, version }) => ({ groupVersion: apiVersion, version }));
    return { name, versions: offered, preferredVersion: offered[0] };
  });
}

/** kubectl asks this document only whether a kind's PATCH knows `fieldValidation`. */
const openApi = ({ group, version, apiVersion, resources }: GroupVersion) => ({
  openapi: "3.0.0",
  info: { title: "Windlass local cluster", version: VERSION.gitVersion },
  components: { schemas: {} },
  paths: Object.fromEntries(
    resources.map(({ plural, kind, namespaced }) => [
      `/${group === "" ? "api" : "apis"}/${apiVersion}/${namespaced ? "namespaces/{namespace}/" : ""}${plural}/{name}`,
      {
        patch: {
          "x-kubernetes-action": "patch",
          "x-kubernetes-group-version-kind": { group, version, kind },
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

const FIXED: Readonly<Record<string, unknown>> = {
  "/version": VERSION,
  "/healthz": "ok",
  "/livez": "ok",
  "/readyz": "ok",
  "/api": { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] },
};

/** The document by which a client learns what the server offers; a string is sent as plain text. undefined: the path is none of these. */
export function discover(store: ObjectStore, path: string): unknown {
  if (path in FIXED) return FIXED[path];
  if (!/^\/(apis?|openapi)(\/|$)/.test(path)) return undefined;
  const versions = groupVersions(store);
  const groups = apiGroups(versions);
  if (path === "/apis") return { kind: "APIGroupList", apiVersion: "v1", groups };
  if (path === "/openapi/v3") {
    const roots = versions.map(rootOf);
    return { paths: Object.fromEntries(roots.map(root => [root, { serverRelativeURL: `/openapi/v3/${root}` }])) };
  }
  const group = groups.find(({ name }) => path === `/apis/${name}`);
  if (group !== undefined) return { kind: "APIGroup", apiVersion: "v1", ...group };
  const listed = versions.find(version => path === `/${rootOf(version)}`);
  if (listed !== undefined) return resourceList(listed);
  const described = versions.find(version => path === `/openapi/v3/${rootOf(version)}`);
  return described && openApi(described);
}
