import assert from "node:assert/strict";
import { LiveView } from "../../../services/cli/output/live-view.ts";
import { playedIo } from "./played-io.ts";

describe("LiveView", () => {
  it("draws over what it drew, and not at all when nothing has changed", async () => {
    const { io, out } = playedIo({ isTerminal: true });
    const view = new LiveView(io);
    await view.draw(["a", "b"]);
    await view.draw(["a", "b"]);
    await view.draw(["c"]);
    assert.equal(out(), "a\nb\n\u001b[2F\u001b[0Jc\n");
  });

  it("cuts a line that would wrap, colours or not", async () => {
    const { io, out } = playedIo({ isTerminal: true, columns: 10 });
    await new LiveView(io).draw(["0123456789", "\u001b[32m01234567\u001b[39m", "\u001b[32m0123456789\u001b[39m"]);
    assert.equal(out(), "01234567…\n\u001b[32m01234567\u001b[39m\n01234567…\n");
  });
});
