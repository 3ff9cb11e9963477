import type { V1KeyToPath } from "@kubernetes/client-node";

export interface FileOptions {
  /** Directory in the container. */
  path: string;
  /** Key → file name below the directory. Default: every key under its own name. */
  items?: Readonly<Record<string, string>>;
  /** Rights of the files, such as 0o400. Default: 0o644; Kubernetes adds what the pod's fsGroup needs to read them. */
  mode?: number;
  /** true: what is missing is left out. Default: the pod waits for it, and the try fails after a while. */
  optional?: boolean;
}

interface FileSource {
  items?: V1KeyToPath[];
  defaultMode?: number;
  optional?: boolean;
}

/** The options in Kubernetes' words. */
export const fileItems = ({ items, mode, optional }: Omit<FileOptions, "path">): FileSource => ({
  ...(items === undefined ? {} : { items: Object.entries(items).map(([key, path]) => ({ key, path })) }),
  ...(mode === undefined ? {} : { defaultMode: mode }),
  ...(optional === undefined ? {} : { optional }),
});
