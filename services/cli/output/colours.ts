import { styleText } from "node:util";

export type Colour = "green" | "red" | "yellow" | "cyan" | "gray" | "bold" | "magenta";

/** The text in the colour, whatever the terminal: whether to colour at all is the caller's decision. */
export const paint = (text: string, colour: Colour): string => styleText(colour, text, { validateStream: false });

// biome-ignore lint/suspicious/noControlCharactersInRegex: that they do not get through is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g;

/** On one line, and without what would steer a terminal: a text from elsewhere must not paint over ours. */
export const plain = (text: string): string => text.replace(CONTROL, " ");
