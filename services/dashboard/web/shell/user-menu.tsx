import { useNavigate } from "@tanstack/react-router";
import { KeyRound, LogOut, User } from "lucide-react";
import { sayFailed } from "../acts/said.ts";
import { ask } from "../api/ask.ts";
import { useMe } from "../live/me.ts";
import { Button } from "../ui/button.tsx";
import { Menu } from "../ui/menu.tsx";

async function logOut(): Promise<void> {
  try {
    await ask("/logout", { method: "POST" });
    location.assign("/login");
  } catch (error) {
    sayFailed("You are still logged in", error);
  }
}

/** Who is logged in, and the way out. Without a login there is nothing to show. */
export function UserMenu() {
  const { name, role } = useMe();
  const navigate = useNavigate();
  if (name === "" || name === "anonymous") return null;
  return (
    <Menu
      items={[
        { label: name, icon: User, hint: role, disabled: true, onSelect: () => undefined },
        { label: "My tokens", icon: KeyRound, onSelect: () => void navigate({ to: "/tokens" }) },
        "line",
        { label: "Log out", icon: LogOut, onSelect: () => void logOut() },
      ]}
    >
      <Button kind="quiet" icon={User} tip={`Logged in as ${name}, ${role}`} />
    </Menu>
  );
}
