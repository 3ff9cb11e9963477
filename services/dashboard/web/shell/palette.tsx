import "./palette.css";
import { Command } from "cmdk";
import { Dialog as Radix } from "radix-ui";
import { useState } from "react";
import { findEntries, GROUPS } from "./palette-entry.ts";
import { usePaletteEntries } from "./use-palette-entries.ts";

/** Finds DAGs, runs, pages and actions by a few letters. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const { entries: all, isReady } = usePaletteEntries(typed);
  const found = findEntries(all, typed);
  return (
    <Radix.Root open onOpenChange={open => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-veil" />
        <Radix.Content className="palette" aria-describedby={undefined}>
          <Radix.Title className="spoken">Search</Radix.Title>
          {/* The first entry is chosen when it begins: it begins anew when what belongs to the top has come. */}
          <Command key={String(isReady)} label="Search" loop shouldFilter={false}>
            <Command.Input autoFocus placeholder="DAG, run, page or action" value={typed} onValueChange={setTyped} />
            <Command.List>
              <Command.Empty>Nothing is called so. A run's whole id can be pasted, too.</Command.Empty>
              {GROUPS.map(group => {
                const entries = found.get(group) ?? [];
                return (
                  entries.length > 0 && (
                    <Command.Group key={group} heading={group}>
                      {entries.map(({ id, label, hint, icon: Icon, run }) => (
                        <Command.Item
                          key={id}
                          value={id}
                          onSelect={() => {
                            onClose();
                            void run();
                          }}
                        >
                          <Icon size={14} aria-hidden="true" />
                          <span className="cut">{label}</span>
                          {hint !== undefined && <span className="palette-hint">{hint}</span>}
                        </Command.Item>
                      ))}
                    </Command.Group>
                  )
                );
              })}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
