// Before the first paint, so that a chosen theme does not flash. The choice itself is made in shell/theme.ts.
const theme = localStorage.getItem("windlass.theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
