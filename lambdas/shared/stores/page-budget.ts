/**
 * A function answers with at most 6 MB (6,291,556 bytes), in which the body is a JSON string once more: quotes and
 * backslashes of the body take two bytes. Some room is left for the rest of the answer.
 */
const MAX_PAGE_BYTES = 5_500_000;

/** Bytes that a value takes in the answer of a function. */
const answerBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(JSON.stringify(value)));

/** How much of a page's entries fits into one answer; the first entry always does (`LIMITS.item`). */
export class PageBudget {
  #left = MAX_PAGE_BYTES;
  #empty = true;

  /** Takes the entry into the page, or says that the page ends before it. */
  takes(entry: unknown): boolean {
    const bytes = answerBytes(entry);
    if (!this.#empty && bytes > this.#left) return false;
    this.#left -= bytes;
    this.#empty = false;
    return true;
  }
}
