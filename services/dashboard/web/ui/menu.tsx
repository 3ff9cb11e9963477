import "./menu.css";
import type { LucideIcon } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactElement } from "react";

export interface MenuItem {
  label: string;
  icon?: LucideIcon;
  /** Beside the label, in small. */
  hint?: string;
  disabled?: boolean;
  onSelect: () => void;
}

/** A menu under a button. `children`: the button. Undefined items are left out; "line" draws one. */
export function Menu({ items, children }: { items: readonly (MenuItem | "line" | undefined)[]; children: ReactElement }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4} collisionPadding={8}>
          {items.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name than its place
            <Item key={index} item={item} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Item({ item }: { item: MenuItem | "line" | undefined }) {
  if (item === undefined) return null;
  if (item === "line") return <DropdownMenu.Separator className="menu-line" />;
  const { label, icon: Icon, hint, disabled, onSelect } = item;
  return (
    <DropdownMenu.Item className="menu-item" disabled={disabled ?? false} onSelect={onSelect}>
      {Icon === undefined ? <span className="menu-no-icon" /> : <Icon size={14} aria-hidden="true" />}
      <span>{label}</span>
      {hint !== undefined && <span className="menu-hint">{hint}</span>}
    </DropdownMenu.Item>
  );
}
