/**
 * Lambda limits an answer to 6 MB (6,291,556 bytes). The body is a JSON string in it, so its quotes and backslashes take
 * two bytes. The rest is for headers.
 */
const MAX_PAGE_BYTES = 5_500_000;

/** Size of a value in the answer of a function, in bytes. */
const answerBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(JSON.stringify(value)));

/** Limits the entries of a page to what fits into one answer; the first entry always does (`LIMITS.item`). */
export class PageBudget {
  #left = MAX_PAGE_BYTES;
  #empty = true;

  /** Adds an entry if it fits. @returns false if the page is full */
  takes(entry: unknown): boolean {
    const bytes = answerBytes(entry);
    if (!this.#empty && bytes > this.#left) return false;
    this.#left -= bytes;
    this.#empty = false;
    return true;
  }
}
