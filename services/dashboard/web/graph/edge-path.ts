const RADIUS = 7;

/** A way along points (x and y by turns) with round corners, as an SVG path. */
export function edgePath(points: readonly number[]): string {
  const at = (i: number): [number, number] => [points[2 * i]!, points[2 * i + 1]!];
  const last = points.length / 2 - 1;
  if (last < 1) return "";
  let path = `M${at(0).join(" ")}`;
  for (let i = 1; i < last; i++) {
    const [[ax, ay], [bx, by], [cx, cy]] = [at(i - 1), at(i), at(i + 1)];
    const before = Math.hypot(bx - ax, by - ay);
    const after = Math.hypot(cx - bx, cy - by);
    const radius = Math.min(RADIUS, before / 2, after / 2);
    if (radius < 1) {
      path += `L${bx} ${by}`;
      continue;
    }
    const [fx, fy] = [bx + ((ax - bx) / before) * radius, by + ((ay - by) / before) * radius];
    const [tx, ty] = [bx + ((cx - bx) / after) * radius, by + ((cy - by) / after) * radius];
    path += `L${fx} ${fy}Q${bx} ${by} ${tx} ${ty}`;
  }
  return `${path}L${at(last).join(" ")}`;
}
