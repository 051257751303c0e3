/** Characters of no width: soft hyphen, zero-width space and joiners, word joiner, byte order mark. */
const ZERO_WIDTH = /[\u00ad\u200b-\u200d\u2060\ufeff]/g;
const WHITE_SPACE = /[\s\u0085]+/g;

/**
 * A text for comparing labels, headers and file names: without characters of no width, NFC, white space collapsed and
 * trimmed. What is stored and written back is the original. Case counts: `US` and `us` are two labels.
 * `comparable` in model/dukemm/domain/spelling.py does the same; test/contract/spelling.json holds cases of both.
 */
export const comparable = (text: string): string =>
  text.replace(ZERO_WIDTH, '').normalize('NFC').replace(WHITE_SPACE, ' ').trim();
