/** What a spreadsheet takes for the beginning of a formula, also in the wide forms of East Asian input (OWASP, "CSV injection"). */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
const NUMBER = /^[-+]?(?:\d[\d.,' ]*)(?:[eE][-+]?\d+)?\s?%?$/;

/** A text of somebody else that a spreadsheet shows and does not run: an apostrophe stands before it. */
export const guardFormula = (text: string): string =>
  FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
