import "./dialog.css";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";

export interface DialogProps {
  title: string;
  /** What happens here, in a sentence. */
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, the main one last. */
  footer?: ReactNode;
  wide?: boolean;
  onClose: () => void;
}

/** A dialog that holds the focus until it is closed, and gives it back where it was. Escape closes it. */
export function Dialog({ title, description, children, footer, wide = false, onClose }: DialogProps) {
  return (
    <Radix.Root open onOpenChange={open => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-veil" />
        <Radix.Content
          className={`dialog${wide ? " wide" : ""}`}
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
        >
          <header className="dialog-head">
            <Radix.Title asChild>
              <h2>{title}</h2>
            </Radix.Title>
          </header>
          <div className="dialog-body">
            {description !== undefined && (
              <Radix.Description asChild>
                <p className="quiet">{description}</p>
              </Radix.Description>
            )}
            {children}
          </div>
          {footer !== undefined && <footer className="dialog-foot">{footer}</footer>}
          {/* Last, so that the focus goes to what the dialog is about. */}
          <Radix.Close asChild>
            <Button kind="quiet" icon={X} tip="Close" small className="dialog-close" />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
