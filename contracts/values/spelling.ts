/**
 * Canonical spelling of a value as a label: texts unchanged, numbers as in JSON canonicalization (RFC 8785, 3.2.2.3,
 * which is `Number.prototype.toString`), booleans as `true` and `false`. `spelling_of` in
 * model/dukemm/domain/spelling.py is the same rule; test/contract/spelling.json holds cases for both.
 */
export const spellingOf = (value: string | number | boolean): string => String(value);
