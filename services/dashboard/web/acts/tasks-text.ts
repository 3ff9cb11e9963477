export const tasksText = (count: number): string => (count === 1 ? "1 task" : `${count.toLocaleString("en")} tasks`);
