import assert from "node:assert/strict";
import { includesRole, ROLES, type Role } from "#core/rights.ts";
import { airflowOperations } from "../../../services/dashboard/airflow/index.ts";
import type { AnyRoute } from "../../../services/dashboard/http/route.ts";
import { routes as ownRoutes } from "../../../services/dashboard/routes/index.ts";
import { type OpenDashboard, openDashboard } from "../dashboard/open-dashboard.ts";
import { tokenOf } from "./login-support.ts";

/** Airflow's API has its own paths and the same rules. */
const routes: readonly AnyRoute[] = [...ownRoutes, ...airflowOperations];

const TOKEN = "the-installations-own-token";

/** Things that are there, or could be: what is looked at is who is let through. */
const PARAMS: Readonly<Record<string, string>> = { dagId: "mine", runId: "mine~r", backfillId: "mine~backfill-1" };

const pathOf = ({ path }: AnyRoute): string => path.replace(/:(\w+)/g, (_, name: string) => PARAMS[name] ?? "x");
const isOfADag = ({ path }: AnyRoute): boolean => Object.keys(PARAMS).some(name => path.includes(`:${name}`));
const nameOf = ({ method, path }: AnyRoute): string => `${method.toUpperCase()} ${path}`;

/** Roles that are not the usual ones. */
const OTHERWISE: Readonly<Record<string, Role>> = {
  "DELETE /api/v1/bundles/:bundle": "author",
  "DELETE /api/v1/dags/:dagId": "admin",
  "DELETE /api/v1/me/sessions": "viewer",
  "DELETE /api/v1/tokens/:tokenId": "viewer",
  "DELETE /api/v1/users/:user": "admin",
  "DELETE /api/v1/users/:user/sessions": "admin",
  "GET /api/v1/audit": "admin",
  "GET /api/v1/bundles": "author",
  "GET /api/v1/bundles/:bundle": "author",
  "GET /api/v1/config": "admin",
  "GET /api/v1/users": "admin",
  "GET /api/v1/users/:user": "admin",
  "PATCH /api/v1/bundles/:bundle": "author",
  "POST /api/v1/runs": "author",
  "POST /api/v1/tokens": "viewer",
  "POST /api/v1/workers/:workerId/drain": "admin",
  "PUT /api/v1/bundles/:bundle": "author",
  "PUT /api/v1/me/password": "viewer",
  "PUT /api/v1/users/:user": "admin",
};

/** What everybody may do to what is theirs. */
const PERSONAL: readonly string[] = [
  "DELETE /api/v1/me/sessions",
  "DELETE /api/v1/tokens/:tokenId",
  "POST /api/v1/tokens",
  "PUT /api/v1/me/password",
];

describe("rights: every route and every role", () => {
  let dashboard: OpenDashboard;
  before(async () => {
    dashboard = await openDashboard({ WINDLASS_TOKEN: TOKEN });
    for (const [id, tag] of [
      ["mine", "a"],
      ["theirs", "b"],
    ])
      await dashboard.publish({ id: id!, tags: [tag!], tasks: [{ id: "t", operator: "empty" }] });
  });
  after(() => dashboard.close());

  /** Only the status: of a stream nothing is read. Bodies are empty, so that little happens. */
  async function statusOf(route: AnyRoute, headers: Record<string, string>): Promise<number> {
    const stop = new AbortController();
    const hasBody = route.method !== "get" && route.method !== "delete";
    const response = await fetch(`${dashboard.url}${pathOf(route)}`, {
      method: route.method.toUpperCase(),
      headers: { ...headers, ...(hasBody ? { "content-type": "application/json" } : {}) },
      ...(hasBody ? { body: "{}" } : {}),
      signal: stop.signal,
    });
    stop.abort();
    return response.status;
  }

  const LET_IN = "let in";
  const meaning = (status: number): string | number => ([401, 403].includes(status) ? status : LET_IN);

  it("has routes enough to look at, each with a role", () => {
    assert.ok(routes.length > 50, String(routes.length));
    assert.deepEqual(routes.filter(({ role }) => !ROLES.includes(role)).map(nameOf), []);
  });

  it("gives reads to viewers and writes to operators; what is otherwise is listed here", () => {
    const others = ownRoutes.filter(({ method, role }) => role !== (method === "get" ? "viewer" : "operator"));
    const named = Object.fromEntries(others.map(route => [nameOf(route), route.role]));
    assert.deepEqual(named, OTHERWISE);
    const personal = ownRoutes.filter(({ isPersonal }) => isPersonal).map(nameOf);
    assert.deepEqual(personal.sort(), PERSONAL);
  });

  it("is closed to whoever has no token, a wrong or an expired one", async () => {
    const expired = await tokenOf(dashboard, [{ role: "admin" }], { expiresAt: Date.now() - 1 });
    for (const route of routes) {
      for (const headers of [{}, expired] as Record<string, string>[])
        assert.equal(await statusOf(route, headers), 401, `${nameOf(route)} ${JSON.stringify(headers)}`);
    }
    for (const authorization of ["Bearer wl_wrong", `Bearer ${TOKEN.slice(1)}`, `Bearer ${TOKEN} x y`.slice(0, -6)])
      assert.equal(await statusOf(routes[0]!, { authorization }), 401, authorization);
  });

  for (const held of ROLES) {
    it(`for a ${held}`, async () => {
      const token = await tokenOf(dashboard, [{ role: held }]);
      const wrong: string[] = [];
      for (const route of routes) {
        const expected = includesRole(held, route.role) ? LET_IN : 403;
        const status = await statusOf(route, token);
        if (meaning(status) !== expected) wrong.push(`${nameOf(route)}: ${status}, not ${expected}`);
      }
      assert.deepEqual(wrong, []);
    });
  }

  it("DAGs of others are not there: 404, whatever the role for the own ones", async () => {
    for (const held of ROLES) {
      const token = await tokenOf(dashboard, [{ role: held, dags: { tags: ["b"] } }]);
      for (const route of routes.filter(isOfADag)) assert.equal(await statusOf(route, token), 404, `${nameOf(route)} ${held}`);
    }
  });

  it("a DAG that may be read and no more: 403 for what needs more", async () => {
    const token = await tokenOf(dashboard, [
      { role: "viewer", dags: { tags: ["a"] } },
      { role: "admin", dags: { ids: ["theirs"] } },
    ]);
    for (const route of routes.filter(isOfADag)) {
      const expected = route.role === "viewer" ? LET_IN : 403;
      assert.equal(meaning(await statusOf(route, token)), expected, nameOf(route));
    }
  });

  const limited: readonly Role[] = ["operator", "admin"];
  for (const held of limited) {
    it(`a role of ${held} for some DAGs is none for the installation`, async () => {
      const token = await tokenOf(dashboard, [{ role: held, dags: { tags: ["a"] } }]);
      for (const route of routes.filter(one => !isOfADag(one))) {
        const isOpen = (route.method === "get" && route.role === "viewer") || route.namesDagElsewhere || route.isPersonal;
        const expected = isOpen && includesRole(held, route.role) ? LET_IN : 403;
        const status = await statusOf(route, token);
        assert.equal(meaning(status), expected, `${nameOf(route)}: ${status}`);
      }
    });
  }
});
