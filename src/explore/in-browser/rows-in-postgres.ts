/** Stands for rows in Postgres in a browser, where all rows stay in memory. */
export const RowsInPostgres = {
  open(): never {
    throw new Error("a browser has no Postgres");
  },
};
