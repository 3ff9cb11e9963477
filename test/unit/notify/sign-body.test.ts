import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { signBody } from "#notify/sign-body.ts";

describe("signBody", () => {
  it("is what standardwebhooks.com's own example says", () => {
    const key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const headers = signBody("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330_000, '{"test": 2432232314}', key);
    assert.equal(headers["webhook-signature"], "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assert.equal(headers["webhook-timestamp"], "1614265330");
    assert.equal(headers["webhook-id"], headers["idempotency-key"]);
  });

  it("takes any text as a key", () => {
    const expected = createHmac("sha256", "plain").update("a.1.{}").digest("base64");
    assert.equal(signBody("a", 1_999, "{}", "plain")["webhook-signature"], `v1,${expected}`);
  });

  it("without a key there is an id and no signature", () =>
    assert.deepEqual(Object.keys(signBody("a", 0, "{}", undefined)), ["webhook-id", "webhook-timestamp", "idempotency-key"]));
});
