/**
 * At or below this confidence an answer is unsure: the page marks it, and automatic acceptance does not make it a
 * training label.
 */
export const SURE_ABOVE = 0.7;

/**
 * @param confidence 0..1; null counts as sure, because some agents state none
 */
export const isSure = (confidence: number | null | undefined): boolean =>
  confidence === null || confidence === undefined || confidence > SURE_ABOVE;
