import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { delimiter } from "node:path";
import { ToolPath } from "./tool-path.ts";

/** An image that is there: what runs by default, and the directory that is the container's whole PATH. */
export interface Image {
  /** The full name, as a runtime reports it: docker.io/library/busybox:1.36 */
  name: string;
  id: string;
  /** What runs when the container names neither command nor args. */
  command: string[];
  /** The image's entrypoint as far as it changes what `args` alone run. */
  entrypoint: (args: string[], has: (tool: string) => boolean) => string[];
  path: string;
}

/** Why a container cannot get its image, in a kubelet's words. */
export interface ImageRefusal {
  reason: "InvalidImageName" | "ErrImagePull" | "ErrImageNeverPull";
  message: string;
  /** The image's full name, for the messages that follow. */
  name: string;
}

/** The families of images the local cluster can run, by what they have on their PATH. */
export const FAMILIES = ["busybox", "alpine", "debian", "ubuntu", "python", "node"] as const;
export type Family = (typeof FAMILIES)[number];

const COREUTILS =
  "sh ls cat echo sleep true false date env printenv grep sed awk head tail wc sort uniq test [ printf mkdir rmdir rm cp mv seq tr cut kill id whoami uname hostname tee xargs find basename dirname expr nproc touch chmod chown ln pwd readlink realpath stat du df dd od md5sum sha256sum base64 gzip gunzip tar mktemp timeout tac nl fold paste comm join split yes sync ps which".split(
    " ",
  );
const DEBIAN = [
  ...COREUTILS,
  "bash",
  "perl",
  "getent",
  "diff",
  "cmp",
  "shuf",
  "numfmt",
  "stdbuf",
  "setsid",
  "nice",
  "nohup",
  "install",
];

interface Recipe {
  tools: string[];
  command: string[];
  entrypoint?: Image["entrypoint"];
  /** Programs under the names the image has for them; without one of them on this machine the image cannot be had. */
  programs: Record<string, () => string | undefined>;
}

const plain = (tools: string[]): Recipe => ({ tools, command: ["sh"], programs: {} });

/** docker-entrypoint.sh of the node image: what is no command is an argument of node. */
const nodeEntrypoint: Image["entrypoint"] = (args, has) =>
  args[0] !== undefined && !args[0].startsWith("-") && has(args[0]) ? args : ["node", ...args];

const RECIPES: Record<Family, Recipe> = {
  busybox: plain(COREUTILS),
  alpine: plain(COREUTILS),
  debian: { ...plain(DEBIAN), command: ["bash"] },
  ubuntu: { ...plain(DEBIAN), command: ["bash"] },
  python: { tools: DEBIAN, command: ["python3"], programs: { python3: pythonOnThisMachine, python: pythonOnThisMachine } },
  node: { tools: DEBIAN, command: ["node"], entrypoint: nodeEntrypoint, programs: { node: () => process.execPath } },
};

/** The first python3 that is a program: a version manager's shim is a script that needs the user's own environment. */
function pythonOnThisMachine(): string | undefined {
  const candidates = ToolPath.search("python3", (process.env.PATH ?? "").split(delimiter));
  return candidates.find(file => readFileSync(file).subarray(0, 2).toString() !== "#!");
}

const REFERENCE = /^(?<repository>[^:@]+(?::\d+\/[^:@]+)?)(?::(?<tag>[\w][\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;
const REPOSITORY = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/;

const isRegistry = (part: string): boolean => /[.:]/.test(part) || part === "localhost";

/** docker.io/library/busybox of "busybox", "library/busybox", "docker.io/busybox"; undefined when it is no valid reference. */
function fullRepository(repository: string): { full: string; wrong: boolean } {
  const parts = repository.split("/");
  const registry = parts.length > 1 && isRegistry(parts[0]!) ? parts.shift()! : "docker.io";
  if (registry === "docker.io" && parts.length === 1) parts.unshift("library");
  return { full: [registry, ...parts].join("/"), wrong: parts.some(part => !REPOSITORY.test(part)) };
}

/** The images of a local cluster: official names of six families, and the user's own names for them. */
export class Images {
  readonly #directory: string;
  readonly #aliases: Map<string, Family>;
  readonly #ready = new Map<Family, Omit<Image, "name" | "id"> | string>();

  /**
   * @param directory where the PATH directories are made
   * @param aliases more repositories and the family each is like: `{"registry.example/etl": "python"}`
   */
  constructor(directory: string, aliases: Record<string, Family> = {}) {
    this.#directory = directory;
    this.#aliases = new Map(Object.entries(aliases).map(([repository, family]) => [fullRepository(repository).full, family]));
  }

  find(reference: string, pullPolicy: string): Image | ImageRefusal {
    const groups = REFERENCE.exec(reference)?.groups;
    const { full, wrong } = fullRepository(groups?.repository ?? reference);
    if (groups === undefined || wrong) return invalidName(reference);
    const tag = groups.tag ?? "latest";
    const name = groups.digest ? `${full}@${groups.digest}` : `${full}:${tag}`;
    const family = this.#aliases.get(full) ?? FAMILIES.find(one => full === `docker.io/library/${one}`);
    const made = family === undefined ? `the local cluster has only ${FAMILIES.join(", ")}` : this.#make(family);
    if (typeof made !== "string") return { name, id: `sha256:${createHash("sha256").update(name).digest("hex")}`, ...made };
    if (pullPolicy === "Never") {
      return {
        reason: "ErrImageNeverPull",
        message: `Container image "${reference}" is not present with pull policy of Never`,
        name,
      };
    }
    const why = `failed to resolve reference "${name}": ${name}: not found (${made})`;
    return { reason: "ErrImagePull", message: `failed to pull and unpack image "${name}": ${why}`, name };
  }

  /** The family's PATH directory and defaults, or why this machine cannot have it. */
  #make(family: Family): Omit<Image, "name" | "id"> | string {
    const known = this.#ready.get(family);
    if (known !== undefined) return known;
    const { tools, command, entrypoint = args => args, programs } = RECIPES[family];
    const links: Record<string, string> = {};
    for (const [name, locate] of Object.entries(programs)) {
      const file = locate();
      if (file === undefined) return `this machine has no ${name}, so the local cluster has no ${family} image`;
      links[name] = file;
    }
    const made = { command, entrypoint, path: new ToolPath(this.#directory, family).make(tools, links) };
    this.#ready.set(family, made);
    return made;
  }
}

function invalidName(reference: string): ImageRefusal {
  const repository = reference.replace(/[:@].*$/, "");
  const full = repository.includes("/") ? repository : `library/${repository}`;
  const why = /[A-Z]/.test(repository) ? `repository name (${full}) must be lowercase` : "invalid reference format";
  const detail = why === "invalid reference format" ? why : `invalid reference format: ${why}`;
  return {
    reason: "InvalidImageName",
    message: `Failed to apply default image tag "${reference}": couldn't parse image name "${reference}": ${detail}`,
    name: reference,
  };
}
