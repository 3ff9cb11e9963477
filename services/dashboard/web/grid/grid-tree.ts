import type { GridReply } from "#contract/grid.ts";
import { groupOf, groupPath, nameInGroup } from "#contract/task-group.ts";

type Task = NonNullable<GridReply["tasks"]>[number];

/** A line of the grid: a task, or a group that can be opened. */
export type GridLine =
  | { kind: "task"; id: string; name: string; depth: number; task: Task; place: number }
  | {
      kind: "group";
      id: string;
      name: string;
      depth: number;
      isOpen: boolean;
      /** Places of the tasks in it, however deep. */
      places: readonly number[];
    };

/** From so many tasks on, groups are shut until they are opened. */
const MANY = 60;

/** Which groups are open when nobody has said so. */
export const isOpenAtFirst = (taskCount: number): boolean => taskCount <= MANY;

interface TreeOptions {
  isOpen: (group: string) => boolean;
  /** Only tasks of which this holds. */
  isShown: (task: Task, place: number) => boolean;
}

/** The tasks in their order with their groups above them; what lies in a shut group is left out. */
export function gridLines(tasks: readonly Task[], { isOpen, isShown }: TreeOptions): GridLine[] {
  const lines: GridLine[] = [];
  const shown = tasks.flatMap((task, place) => (isShown(task, place) ? [{ task, place }] : []));
  const placesOf = new Map<string, number[]>();
  for (const { task, place } of shown) {
    for (const group of groupPath(groupOf(task.id))) {
      const places = placesOf.get(group);
      if (places) places.push(place);
      else placesOf.set(group, [place]);
    }
  }
  // A group stands where its first task does, with all its tasks below it.
  const done = new Set<string>();
  const inside = Map.groupBy(shown, ({ task }) => groupPath(groupOf(task.id))[0] ?? "");
  const place = (members: typeof shown, within: string | undefined, depth: number): void => {
    for (const { task, place: at } of members) {
      const path = groupPath(groupOf(task.id));
      const group = path[within === undefined ? 0 : path.indexOf(within) + 1];
      if (group === undefined) {
        lines.push({ kind: "task", id: task.id, name: nameInGroup(task.id), depth, task, place: at });
        continue;
      }
      if (done.has(group)) continue;
      done.add(group);
      const open = isOpen(group);
      lines.push({ kind: "group", id: group, name: nameInGroup(group), depth, isOpen: open, places: placesOf.get(group)! });
      if (!open) continue;
      const all = within === undefined ? (inside.get(group) ?? []) : members;
      place(
        all.filter(member => groupPath(groupOf(member.task.id)).includes(group)),
        group,
        depth + 1,
      );
    }
  };
  place(shown, undefined, 0);
  return lines;
}
