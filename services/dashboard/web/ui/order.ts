/** In which order rows stand. */
export interface Order {
  /** Id of the column. */
  by: string;
  down: boolean;
}
