import { preference } from "../live/preference.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** Light, dark, or as the system has it. public/theme.js sets it before the first paint. */
export const theme = preference<Theme>("theme", THEMES, "system");

export function chooseTheme(chosen: Theme): void {
  theme.set(chosen);
  const { dataset } = document.documentElement;
  if (chosen === "system") delete dataset.theme;
  else dataset.theme = chosen;
}
