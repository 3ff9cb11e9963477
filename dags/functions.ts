// Tasks that are functions of this file. Each call runs in a pod of Windlass' own image; what a function returns is its task's result, typed.
import { dag } from "windlass";

export default dag("functions", { description: "TypeScript functions as tasks", tags: ["example"] }, d => {
  const list = d.fn("list", () => [
    { table: "orders", rows: 3 },
    { table: "users", rows: 5 },
  ]);

  // One call for each item of the list, in a pod of its own.
  const count = d.fn(
    "count",
    ({ item, log }) => {
      log(`counting ${item.table}`);
      return item.rows * 2;
    },
    { over: list.output },
  );

  // Functions see nothing of each other but what is handed over. Using an output draws the edge.
  d.fn("sum", ({ input }) => ({ total: input.counts.reduce((sum, rows) => sum + rows, 0) }), { input: { counts: count.output } });
});
