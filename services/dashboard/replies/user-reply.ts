import { toInstant } from "#contract/instant.ts";
import type { UserReply } from "#contract/user.ts";
import type { User } from "#state/user-store.ts";
import { links } from "../links.ts";

export const userReply = ({ name, grants, createdAt }: User): UserReply => ({
  name,
  grants: [...grants],
  createdAt: toInstant(createdAt),
  links: { self: links.user(name) },
});
