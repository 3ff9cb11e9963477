import "./tip-layer.css";
import { useEffect, useRef } from "react";

const GAP = 6;
const SHOW_AFTER_MS = 250;
const TIP_ID = "tip";

/**
 * The one tooltip of the page: whatever has `data-tip` shows it under pointer and focus. A thousand cells cost no more than one. It lies in
 * the top layer, so that no scrolling box cuts it off. Escape hides it.
 */
export function TipLayer() {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const tip = box.current;
    return tip === null ? undefined : follow(tip);
  }, []);
  return <div ref={box} id={TIP_ID} className="tip" role="tooltip" popover="manual" />;
}

function follow(tip: HTMLDivElement): () => void {
  let shown: HTMLElement | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const hide = (): void => {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = undefined;
    if (tip.matches(":popover-open")) tip.hidePopover();
  };
  const show = (target: HTMLElement): void => {
    if (!target.isConnected) return;
    tip.textContent = target.dataset.tip ?? "";
    tip.showPopover();
    if (target.getAttribute("aria-label") !== target.dataset.tip) target.setAttribute("aria-describedby", TIP_ID);
    place(tip, target.getBoundingClientRect());
  };
  const meet = (event: Event, afterMs: number): void => {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-tip]") : null;
    if (target === shown) return;
    hide();
    if (target === null || target.dataset.tip === "") return;
    shown = target;
    timer = setTimeout(() => show(target), afterMs);
  };

  const stop = new AbortController();
  const options = { signal: stop.signal, passive: true };
  document.addEventListener("pointerover", event => meet(event, SHOW_AFTER_MS), options);
  document.addEventListener("focusin", event => (event.target as Element).matches(":focus-visible") && meet(event, 0), options);
  document.addEventListener("focusout", hide, options);
  document.addEventListener("pointerdown", hide, options);
  document.addEventListener("scroll", hide, { ...options, capture: true });
  document.addEventListener("keydown", event => event.key === "Escape" && hide(), options);
  return () => {
    stop.abort();
    hide();
  };
}

/** Below what it is about, or above where there is no room. */
function place(tip: HTMLElement, about: DOMRect): void {
  const { width, height } = tip.getBoundingClientRect();
  const below = about.bottom + GAP;
  const top = below + height > innerHeight ? about.top - height - GAP : below;
  const left = Math.min(Math.max(GAP, about.left + about.width / 2 - width / 2), innerWidth - width - GAP);
  tip.style.translate = `${Math.round(left)}px ${Math.round(Math.max(GAP, top))}px`;
}
