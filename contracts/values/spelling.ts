/**
 * The one spelling of a value as a label: texts as they are, numbers as JSON canonicalization writes them (RFC 8785,
 * 3.2.2.3, which is `Number.prototype.toString`), booleans as `true` and `false`.
 * `spelling_of` in model/dukemm/domain/spelling.py does the same; test/contract/spelling.json holds cases of both.
 */
export const spellingOf = (value: string | number | boolean): string => String(value);
