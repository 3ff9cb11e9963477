import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { WindlassError } from "#core/errors.ts";
import { askCredentials } from "#kube/ask-credentials.ts";
import type { CredentialOptions } from "#kube/credentials.ts";
import { KubeError } from "#kube/kube-error.ts";

const SERVICE_ACCOUNT = "var/run/secrets/kubernetes.io/serviceaccount";
/** Only looked at as text: {"exp": 2000000000} between two dots. */
const JWT = `e30.${Buffer.from('{"exp":2000000000}').toString("base64url")}.x`;

interface Parts {
  cluster?: object;
  user?: object;
  name?: string;
}

const kubeconfig = ({ cluster = {}, user = {}, name = "c" }: Parts = {}) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: "https://cluster.test", ...cluster } }],
    users: [{ name: `${name}-user`, user }],
    contexts: [{ name, context: { cluster: name, user: `${name}-user` } }],
    "current-context": name,
  });

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** The real child, for one question each: what only client-node knows. */
describe("askCredentials", () => {
  let dir: string;
  const path = (name: string) => join(dir, name);
  const ask = (options: CredentialOptions = {}) =>
    askCredentials({ kubeconfig: path("config"), ...options }, AbortSignal.timeout(15_000));

  /** Writes a program that is a credential plugin. */
  function plugin(script: string): object {
    writeFileSync(path("plugin"), `#!/bin/sh\n${script}\n`);
    chmodSync(path("plugin"), 0o700);
    return { exec: { apiVersion: "client.authentication.k8s.io/v1", command: path("plugin"), interactiveMode: "Never" } };
  }

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "windlass-ask-"));
  });

  afterEach(() => rmSync(dir, { recursive: true }));

  it("reads server, token, proxy and TLS material, and names the files it read", async () => {
    writeFileSync(path("ca.crt"), "the CA");
    const cluster = { "certificate-authority": "ca.crt", "tls-server-name": "other.test", "proxy-url": "http://proxy.test:1" };
    const user = { token: "secret", "client-certificate-data": base64("cert"), "client-key-data": base64("key") };
    writeFileSync(path("config"), kubeconfig({ cluster, user }));
    const { files, ...answer } = await ask();
    assert.deepEqual(answer, {
      server: "https://cluster.test",
      proxyUrl: "http://proxy.test:1",
      headers: { Authorization: "Bearer secret" },
      tls: { ca: base64("the CA"), cert: base64("cert"), key: base64("key"), servername: "other.test" },
    });
    assert.deepEqual(Object.keys(files), [path("config"), path("ca.crt")]);
  });

  it("takes user and password, another server, and no verification where the file says so", async () => {
    const cluster = { "insecure-skip-tls-verify": true };
    writeFileSync(path("config"), kubeconfig({ cluster, user: { username: "u", password: "p" } }));
    const answer = await ask({ server: "https://10.0.0.1:6443" });
    assert.deepEqual(
      [answer.server, answer.headers, answer.tls],
      ["https://10.0.0.1:6443", { Authorization: `Basic ${base64("u:p")}` }, { rejectUnauthorized: false }],
    );
  });

  it("takes a list of files; the first context wins", async () => {
    writeFileSync(path("config"), kubeconfig({ user: { token: "one" } }));
    writeFileSync(path("more"), kubeconfig({ name: "d", user: { token: "two" } }));
    const list = [path("missing"), path("config"), path("more")].join(delimiter);
    assert.equal((await ask({ kubeconfig: list })).headers.Authorization, "Bearer one");
    assert.equal((await ask({ kubeconfig: list, context: "d" })).headers.Authorization, "Bearer two");
  });

  it("is the pod's service account inside a cluster", async () => {
    const account = path(SERVICE_ACCOUNT);
    mkdirSync(account, { recursive: true });
    writeFileSync(join(account, "token"), "projected\n");
    writeFileSync(join(account, "ca.crt"), "the CA");
    await withEnv(
      { HOME: dir, KUBECONFIG: undefined, KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" },
      async () => {
        const { files, ...answer } = await ask({ kubeconfig: undefined, root: dir });
        assert.deepEqual(answer, {
          server: "https://[fd00::1]:443",
          headers: { Authorization: "Bearer projected" },
          tls: { ca: base64("the CA") },
          tokenFile: join(account, "token"),
        });
        assert.equal(Object.keys(files).length, 1);
      },
    );
  });

  const PLUGINS = {
    "a token that says itself when it ends": [`{"token":"${JWT}"}`, JWT, 2_000_000_000_000],
    "a token whose end the plugin says": [`{"token":"t","expirationTimestamp":"2030-01-01T00:00:00Z"}`, "t", Date.UTC(2030, 0)],
    "a token without an end": [`{"token":"opaque.with.dots"}`, "opaque.with.dots", undefined],
  } as const;
  for (const [what, [printed, token, expiresAt]] of Object.entries(PLUGINS)) {
    it(`runs a plugin that prints ${what}`, async () => {
      const user = plugin(`echo '{"kind":"ExecCredential","status":${printed}}'`);
      writeFileSync(path("config"), kubeconfig({ user }));
      const answer = await ask();
      assert.deepEqual([answer.headers.Authorization, answer.expiresAt], [`Bearer ${token}`, expiresAt]);
    });
  }

  it("gives a plugin our environment", async () => {
    const user = plugin(`echo '{"status":{"token":"'"$WINDLASS_TEST_PROFILE"'"}}'`);
    writeFileSync(path("config"), kubeconfig({ user }));
    await withEnv({ WINDLASS_TEST_PROFILE: "mine" }, async () =>
      assert.equal((await ask()).headers.Authorization, "Bearer mine"),
    );
  });

  it("passes on what a failing plugin said", async () => {
    writeFileSync(path("config"), kubeconfig({ user: plugin("echo please log in first >&2; exit 1") }));
    await assert.rejects(ask(), (error: unknown) => {
      return error instanceof KubeError && error.reason === "Credentials" && error.message.includes("please log in first");
    });
  });

  it("names the certificate that is missing", async () => {
    writeFileSync(path("config"), kubeconfig({ user: { "client-certificate": "gone.crt" } }));
    await assert.rejects(ask(), (error: unknown) => error instanceof KubeError && error.message.includes("gone.crt"));
  });

  const REFUSED = {
    "no file": [undefined, /looked at .*config$/],
    "no YAML": [":\n  - {", /cannot be read/],
    "no URL": [kubeconfig({ cluster: { server: "nonsense" } }), /'nonsense' is not a URL/],
    "an unknown context": [
      kubeconfig().replace('"current-context":"c"', '"current-context":"b"'),
      /'b' names no cluster; contexts: c/,
    ],
  } as const;
  for (const [what, [content, message]] of Object.entries(REFUSED)) {
    it(`refuses ${what}`, async () => {
      if (content !== undefined) writeFileSync(path("config"), content);
      await assert.rejects(ask(), (error: unknown) => {
        return error instanceof WindlassError && error.code === "WL_KUBE_CONFIG" && message.test(error.message);
      });
    });
  }

  it("ends with its caller", async () => {
    writeFileSync(path("config"), kubeconfig());
    const left = askCredentials({ kubeconfig: path("config") }, AbortSignal.abort());
    await assert.rejects(left, (error: unknown) => error instanceof KubeError && error.reason === "Credentials");
  });
});

/** Runs under other variables, and puts them back. */
async function withEnv(variables: Readonly<Record<string, string | undefined>>, run: () => Promise<void>): Promise<void> {
  const before = Object.fromEntries(Object.keys(variables).map(name => [name, process.env[name]]));
  const set = (values: typeof variables) => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  set(variables);
  try {
    await run();
  } finally {
    set(before);
  }
}
