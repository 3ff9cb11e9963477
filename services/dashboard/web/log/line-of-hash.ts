import { useLocation } from "@tanstack/react-router";

/** The line that an address names: …#L123. */
export function useLineOfHash(): number | undefined {
  const [, number] = /^L([1-9]\d{0,8})$/.exec(useLocation({ select: ({ hash }) => hash })) ?? [];
  return number === undefined ? undefined : Number(number);
}

export const hashOfLine = (line: number | undefined): string => (line === undefined ? "" : `L${line}`);
