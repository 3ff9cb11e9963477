const LENGTH = 12;

/** As much of a DAG's version as tells it from others; commands take it for the whole. */
export const shortVersion = (version: string): string => version.slice(0, LENGTH);
