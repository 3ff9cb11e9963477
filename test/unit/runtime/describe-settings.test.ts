import assert from "node:assert/strict";
import { z } from "zod";
import { readConfig } from "#runtime/config.ts";
import { describeSettings } from "#runtime/describe-settings.ts";

const Schema = z.object({
  REDIS_URL: z.string().default("redis://127.0.0.1"),
  PORT: z.coerce.number().default(8080).describe("Where to listen"),
  API_TOKEN: z.string().optional(),
  LINK: z.string().optional(),
});

describe("describeSettings", () => {
  const of = (env: Record<string, string>) => describeSettings(Schema, readConfig(Schema, env), env);

  it("says where each comes from", () => {
    assert.deepEqual(of({ PORT: "9000" }), [
      { name: "API_TOKEN", origin: "unset", secret: true },
      { name: "LINK", origin: "unset", secret: false },
      { name: "PORT", value: "9000", origin: "env", secret: false, description: "Where to listen" },
      { name: "REDIS_URL", value: "redis://127.0.0.1", origin: "default", secret: false },
    ]);
  });

  it("keeps what may be secret to itself", () => {
    const told = of({ API_TOKEN: "t0psecret", REDIS_URL: "redis://user:pw@host" });
    assert.doesNotMatch(JSON.stringify(told), /t0psecret|pw@/);
    assert.deepEqual(
      told.filter(({ secret }) => secret).map(({ name, origin }) => [name, origin]),
      [
        ["API_TOKEN", "env"],
        ["REDIS_URL", "env"],
      ],
    );
  });
});
