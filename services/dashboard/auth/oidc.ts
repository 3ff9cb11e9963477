import * as client from "openid-client";
import { ApiError } from "../http/api-error.ts";
import type { OidcSettings } from "./auth-settings.ts";

/** What the browser keeps for us while its person is at the provider. */
export interface OidcAttempt {
  state: string;
  nonce: string;
  verifier: string;
}

/** Who the provider says it is. */
export interface OidcPerson {
  name: string;
  groups: string[];
}

/** Logins over OpenID Connect: the code flow, with PKCE, state and nonce. */
export interface Oidc {
  begin(): Promise<{ url: URL; attempt: OidcAttempt }>;
  /** `url`: where the provider has sent the browser. @throws ApiError WL_LOGIN, WL_LOGIN_AWAY, WL_FORBIDDEN */
  finish(url: URL, attempt: OidcAttempt): Promise<OidcPerson>;
}

const TIMEOUT_SECONDS = 5;

export function openOidc(settings: OidcSettings, redirectUri: string): Oidc {
  let discovered: Promise<client.Configuration> | undefined;

  /** Asked once; again when it has failed. */
  function configuration(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = settings;
    const authentication = clientSecret === undefined ? client.None() : client.ClientSecretPost(clientSecret);
    const execute = issuer.startsWith("http:") ? [client.allowInsecureRequests] : [];
    discovered ??= client
      .discovery(new URL(issuer), clientId, clientSecret, authentication, { timeout: TIMEOUT_SECONDS, execute })
      .catch((cause: unknown) => {
        discovered = undefined;
        throw away(cause);
      });
    return discovered;
  }

  return {
    async begin() {
      const config = await configuration();
      const attempt = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: settings.scopes,
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: "S256",
      });
      return { url, attempt };
    },

    async finish(url, { state, nonce, verifier }) {
      const config = await configuration();
      try {
        const tokens = await client.authorizationCodeGrant(config, url, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new ApiError("WL_LOGIN", "the identity provider sent no id token");
        const hasUserInfo = config.serverMetadata().userinfo_endpoint !== undefined;
        const info = hasUserInfo ? await client.fetchUserInfo(config, tokens.access_token, claims.sub) : {};
        return personOf({ ...claims, ...info }, settings);
      } catch (error) {
        throw asLoginError(error);
      }
    },
  };
}

function personOf(claims: Readonly<Record<string, unknown>>, { nameClaim, groupsClaim }: OidcSettings): OidcPerson {
  const name = claims[nameClaim];
  if (typeof name !== "string" || name === "")
    throw new ApiError("WL_LOGIN", `the identity provider says no '${nameClaim}' of the person`);
  const groups = [claims[groupsClaim] ?? []].flat().filter(group => typeof group === "string");
  return { name, groups };
}

function asLoginError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const isRefusal = error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError;
  if (isRefusal)
    return new ApiError("WL_LOGIN", `the identity provider refused the login: ${error.error_description ?? error.message}`, {
      cause: error,
    });
  if (
    (error instanceof client.ClientError || error instanceof client.WWWAuthenticateChallengeError) &&
    !AWAY.has(error.code ?? "")
  )
    return new ApiError("WL_LOGIN", "the answer of the identity provider is not one to this login", { cause: error });
  return away(error);
}

/** Codes that say that the provider did not answer, or not as one. Where nothing was reached, fetch's own TypeError says so. */
const AWAY = new Set(["OAUTH_TIMEOUT", "OAUTH_ABORT", "OAUTH_RESPONSE_IS_NOT_CONFORM", "OAUTH_RESPONSE_IS_NOT_JSON"]);

const away = (cause: unknown): ApiError =>
  new ApiError("WL_LOGIN_AWAY", "the identity provider does not answer", { headers: { "Retry-After": "5" }, cause });
