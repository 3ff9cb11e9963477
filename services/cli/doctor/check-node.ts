import type { Finding } from "./finding.ts";

const NEEDED = 24;

export function checkNode(version = process.versions.node): Finding {
  const isRight = Number.parseInt(version, 10) >= NEEDED;
  const sentence = `Node ${version}`;
  return isRight
    ? { check: "node", state: "ok", sentence }
    : {
        check: "node",
        state: "wrong",
        sentence: `${sentence} is too old`,
        fix: `Install Node ${NEEDED} or newer, or npm i node@${NEEDED}.`,
      };
}
