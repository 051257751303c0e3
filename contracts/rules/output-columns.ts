/** Columns that a buyer can have put beside the answers in the output. */
export const OUTPUT_COLUMNS = ['confidence', 'corrected'] as const;
export type OutputColumn = (typeof OUTPUT_COLUMNS)[number];
