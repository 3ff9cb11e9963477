/** What part of a drawing is seen: the drawing's point (x, y) lies at the frame's corner, a unit is `scale` pixels. */
export interface Viewport {
  x: number;
  y: number;
  scale: number;
}

interface Size {
  width: number;
  height: number;
}

const [MIN_SCALE, MAX_SCALE] = [0.05, 2];
/** Names below this size cannot be read: a drawing that would have to be smaller begins where it is of interest. */
const READABLE = 0.7;
const PADDING = 24;

const bounded = (scale: number): number => Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale));

const fitScale = (drawing: Size, frame: Size): number =>
  bounded(Math.min(1, (frame.width - 2 * PADDING) / drawing.width, (frame.height - 2 * PADDING) / drawing.height));

/** All of the drawing, in the middle. */
export function wholeView(drawing: Size, frame: Size): Viewport {
  const scale = fitScale(drawing, frame);
  return {
    scale,
    x: drawing.width / 2 - frame.width / 2 / scale,
    y: drawing.height / 2 - frame.height / 2 / scale,
  };
}

/** All of it if its names can be read then, else the part around `focus`, or its beginning. */
export function firstView(drawing: Size, frame: Size, focus: { x: number; y: number } | undefined): Viewport {
  if (fitScale(drawing, frame) >= READABLE) return wholeView(drawing, frame);
  return around(focus ?? { x: frame.width / 2 / READABLE - PADDING, y: drawing.height / 2 }, frame, Math.max(READABLE, 0.85));
}

/** With a point of the drawing in the middle. */
export const around = ({ x, y }: { x: number; y: number }, frame: Size, scale: number): Viewport => ({
  scale,
  x: x - frame.width / 2 / scale,
  y: y - frame.height / 2 / scale,
});

/** Nearer or farther; what lies at the frame's point stays there. */
export function zoom(view: Viewport, factor: number, at: { x: number; y: number }): Viewport {
  const scale = bounded(view.scale * factor);
  return { scale, x: view.x + at.x / view.scale - at.x / scale, y: view.y + at.y / view.scale - at.y / scale };
}

/** By pixels of the frame. */
export const pan = (view: Viewport, dx: number, dy: number): Viewport => ({
  ...view,
  x: view.x - dx / view.scale,
  y: view.y - dy / view.scale,
});

const STEP = 1.25;
const PAN_PX = 60;

type Change = (view: Viewport, frame: Size, drawing: Size) => Viewport;
const middle = ({ width, height }: Size) => ({ x: width / 2, y: height / 2 });
const nearer: Change = (view, frame) => zoom(view, STEP, middle(frame));
const farther: Change = (view, frame) => zoom(view, 1 / STEP, middle(frame));
const all: Change = (_view, frame, drawing) => wholeView(drawing, frame);

/** What keys do to the view. */
export const VIEW_KEYS: Readonly<Record<string, Change>> = {
  "+": nearer,
  "=": nearer,
  "-": farther,
  "0": all,
  ArrowLeft: view => pan(view, PAN_PX, 0),
  ArrowRight: view => pan(view, -PAN_PX, 0),
  ArrowUp: view => pan(view, 0, PAN_PX),
  ArrowDown: view => pan(view, 0, -PAN_PX),
};
