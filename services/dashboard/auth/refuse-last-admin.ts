import { type Grant, isGranted } from "#core/rights.ts";
import type { UserStore } from "#state/user-store.ts";
import { ApiError } from "../http/api-error.ts";

/** @throws ApiError WL_USER_LAST when nobody would be an admin any more once `name` has these grants */
export async function refuseLastAdmin(
  name: string,
  grants: readonly Grant[],
  users: Pick<UserStore, "listUsers">,
): Promise<void> {
  if (isGranted(grants, "admin")) return;
  const admins = (await users.listUsers()).filter(user => isGranted(user.grants, "admin"));
  if (admins.length === 1 && admins[0]!.name === name) throw new ApiError("WL_USER_LAST", `'${name}' is the only admin`);
}
