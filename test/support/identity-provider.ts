import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

export interface IdentityProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Groups of a person, by name. Whoever logs in exists. */
  groups: Map<string, string[]>;
  close(): Promise<void>;
}

/** A real OpenID Connect provider on this machine: whoever says a name is let in under it. */
export async function startIdentityProvider(redirectUri: string): Promise<IdentityProvider> {
  const groups = new Map<string, string[]>();
  const [clientId, clientSecret] = ["windlass", "the-clients-secret"];
  // The issuer is an address, which is known once the server listens.
  const server = createServer((request, response) => answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ["sub"], profile: ["preferred_username", "groups"], email: ["email"] },
    cookies: { keys: ["a key of the tests"] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, groups: groups.get(id) ?? [] }),
    }),
  });
  const answer = provider.callback();
  return {
    issuer,
    clientId,
    clientSecret,
    groups,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
