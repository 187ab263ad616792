/** Columns of a result by name. */
export type Columns = Readonly<Record<string, ArrayLike<number>>>;
