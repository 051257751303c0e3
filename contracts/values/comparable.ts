/** Zero-width characters: soft hyphen, zero-width space and joiners, word joiner, byte order mark. */
const ZERO_WIDTH = /[\u00ad\u200b-\u200d\u2060\ufeff]/g;
const WHITE_SPACE = /[\s\u0085]+/g;

/**
 * Normal form for comparing labels, headers and file names: without zero-width characters, NFC, white space collapsed
 * and trimmed. Values are stored and written back as they came. Case-sensitive: `US` and `us` are two labels.
 * `comparable` in model/dukemm/domain/spelling.py is the same rule; test/contract/spelling.json holds cases for both.
 */
export const comparable = (text: string): string =>
  text.replace(ZERO_WIDTH, '').normalize('NFC').replace(WHITE_SPACE, ' ').trim();
