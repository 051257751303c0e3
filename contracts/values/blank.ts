/** A visible character: neither white space nor of zero width (as in `comparable`). */
const VISIBLE = /[^\s\u0085\u00ad\u200b-\u200d\u2060\ufeff]/;

/** Whether a text has no visible character. */
export const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && !VISIBLE.test(value));

/** Whether a cell is blank, or holds a text that stands for a missing value in its column. */
export const isMissing = (
  cell: unknown,
  { missing }: { readonly missing?: readonly string[] | undefined },
): boolean =>
  isBlank(cell) || (missing !== undefined && typeof cell === 'string' && missing.includes(cell.trim()));
