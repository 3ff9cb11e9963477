import assert from "node:assert/strict";
import { etagOf, isKnown, mayEdit } from "../../../../services/dashboard/http/etag.ts";

const TAG = etagOf('{"slots":3,"running":1}', { slots: 3 });
const SAME_EDIT = etagOf('{"slots":3,"running":2}', { slots: 3 });
const OTHER_EDIT = etagOf('{"slots":4,"running":1}', { slots: 4 });

describe("etag", () => {
  const KNOWN: [header: string | undefined, known: boolean][] = [
    [undefined, false],
    ["", false],
    ["*", true],
    [TAG, true],
    [`W/${TAG}`, true],
    [`"x", ${TAG} , "y"`, true],
    [SAME_EDIT, false],
    [OTHER_EDIT, false],
    ['"', false],
  ];
  for (const [header, known] of KNOWN)
    it(`If-None-Match: ${header} is ${known}`, () => assert.equal(isKnown(header, TAG), known));

  const EDITS: [header: string, may: boolean][] = [
    ["*", true],
    [TAG, true],
    [SAME_EDIT, true],
    [OTHER_EDIT, false],
    ["", false],
    [",", false],
  ];
  for (const [header, may] of EDITS) it(`If-Match: ${header} is ${may}`, () => assert.equal(mayEdit(header, TAG), may));
});
