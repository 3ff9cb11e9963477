interface Ended {
  state: string;
  code?: string | undefined;
  message?: string | undefined;
}

/** How a task ended, in one line; nothing where its state says it all. */
export const outcomeText = ({ state, code, message }: Ended): string =>
  code === undefined || (state === "success" && !message) ? "" : `${message ? `${message} ` : ""}(${code})`;
