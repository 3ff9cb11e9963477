import "./tabs.css";
import type { LucideIcon } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId } from "react";

export interface Tab<Id extends string> {
  id: Id;
  label: string;
  icon?: LucideIcon;
  /** Beside the label, such as a count. */
  badge?: ReactNode;
}

interface TabsProps<Id extends string> {
  label: string;
  tabs: readonly Tab<Id>[];
  /** From the URL. */
  selected: Id;
  onSelect: (id: Id) => void;
  /** Of the selected tab. */
  children: ReactNode;
}

/** Tabs whose choice the caller keeps, in the URL. Arrow keys, Home and End go from tab to tab. */
export function Tabs<Id extends string>({ label, tabs, selected, onSelect, children }: TabsProps<Id>) {
  const id = useId();
  const go = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(tab => tab.id === selected);
    const target = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
    const next = target === undefined ? undefined : tabs[target % tabs.length];
    if (next === undefined) return;
    event.preventDefault();
    onSelect(next.id);
    document.getElementById(`${id}-${next.id}`)?.focus();
  };
  return (
    <>
      <div className="tabs" role="tablist" aria-label={label}>
        {tabs.map(({ id: tab, label: text, icon: Icon, badge }) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`${id}-${tab}`}
            aria-selected={tab === selected}
            aria-controls={`${id}-panel`}
            tabIndex={tab === selected ? 0 : -1}
            className="tab"
            onClick={() => onSelect(tab)}
            onKeyDown={go}
          >
            {Icon !== undefined && <Icon size={14} aria-hidden="true" />}
            {text}
            {badge !== undefined && <span className="tab-badge">{badge}</span>}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${selected}`} className="tab-panel">
        {children}
      </div>
    </>
  );
}
