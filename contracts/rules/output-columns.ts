/** Columns that a buyer can add to the output. */
export const OUTPUT_COLUMNS = ['confidence', 'corrected'] as const;
export type OutputColumn = (typeof OUTPUT_COLUMNS)[number];
