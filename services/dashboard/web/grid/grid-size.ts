/** Height of a line, width of a column and height of the head, in px: as in grid.css. */
export const [ROW, COLUMN, HEAD] = [26, 24, 86];
