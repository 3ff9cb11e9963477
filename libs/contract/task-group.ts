const DOT = ".";

/** The group that a task is in, by the dots of its id: "extract.orders.fetch" is in "extract.orders". undefined: in none. */
export function groupOf(taskId: string): string | undefined {
  const dot = taskId.lastIndexOf(DOT);
  return dot <= 0 ? undefined : taskId.slice(0, dot);
}

/** What the task or group is called inside its group. */
export const nameInGroup = (id: string): string => (groupOf(id) === undefined ? id : id.slice(id.lastIndexOf(DOT) + 1));

/** The group itself and those around it, the outermost first. */
export function groupPath(group: string | undefined): string[] {
  const path: string[] = [];
  for (let at = group; at !== undefined; at = groupOf(at)) path.unshift(at);
  return path;
}
