import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useLayoutEffect, useState } from "react";

/** Rows that are worth being drawn one by one; more are drawn as far as they are in view. */
const ALL_UP_TO = 120;
const OVERSCAN = 12;

export interface RowWindow {
  /** Indexes of the rows to draw: from, until (not included). */
  from: number;
  until: number;
  /** Heights that stand for the rows before and behind, in px. */
  above: number;
  below: number;
}

const scroller = (): HTMLElement | null => document.getElementById("content");

/** Which rows of a long table are in view, while the page's content scrolls. @param rowHeight of every row, in px */
export function useRowWindow(count: number, rowHeight: number, box: RefObject<HTMLElement | null>): RowWindow {
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => {
    const [outer, inner] = [scroller(), box.current];
    if (outer !== null && inner !== null)
      setScrollMargin(inner.getBoundingClientRect().top - outer.getBoundingClientRect().top + outer.scrollTop);
  }, [box]);
  const virtual = useVirtualizer({
    count: count > ALL_UP_TO ? count : 0,
    getScrollElement: scroller,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollMargin,
  });
  if (count <= ALL_UP_TO) return { from: 0, until: count, above: 0, below: 0 };
  const items = virtual.getVirtualItems();
  const from = items[0]?.index ?? 0;
  const until = (items.at(-1)?.index ?? -1) + 1;
  return { from, until, above: from * rowHeight, below: (count - until) * rowHeight };
}
