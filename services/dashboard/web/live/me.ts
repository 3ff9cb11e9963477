import { queryOptions, useQuery } from "@tanstack/react-query";
import { ask } from "../api/ask.ts";
import { asProblem } from "../api/problem-error.ts";

/** What people may do, each role including those before it. */
export const ROLES = ["viewer", "operator", "author", "admin"] as const;
export type Role = (typeof ROLES)[number];

export interface Me {
  name: string;
  role: Role;
}

/** Of a server without roles everybody may do everything. */
const ANYBODY: Me = { name: "anonymous", role: "admin" };

const meQuery = queryOptions({
  queryKey: ["me"],
  staleTime: 60_000,
  queryFn: async ({ signal }): Promise<Me> => {
    try {
      return await ask<Me>("/api/v1/me", { signal });
    } catch (error) {
      if (asProblem(error).status === 404) return ANYBODY;
      throw error;
    }
  },
});

/** Who is logged in. Until that is known: somebody who may only look. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  return data ?? { name: "", role: "viewer" };
}

/** Whether who is logged in has the role, for some DAG at least. The server has the last word. */
export function useMay(role: Role): boolean {
  return ROLES.indexOf(useMe().role) >= ROLES.indexOf(role);
}
