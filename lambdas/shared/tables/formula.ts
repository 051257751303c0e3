/** Characters that start a formula in a spreadsheet, including full-width forms (OWASP, "CSV injection"). */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
const NUMBER = /^[-+]?(?:\d[\d.,' ]*)(?:[eE][-+]?\d+)?\s?%?$/;

/** Prefixes text with an apostrophe if a spreadsheet would run it as a formula. Numbers are not changed. */
export const guardFormula = (text: string): string =>
  FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
