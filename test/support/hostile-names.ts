/**
 * Names that people and attackers give to labels, fields, columns, targets, items, files and media. Everything that takes
 * a name is tried with each of them: it works as any other name does, or is refused with 422.
 */

/** Members of `Object.prototype` and words of languages: ordinary names to a buyer. */
export const RESERVED_WORDS = [
  'constructor',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'toLocaleString',
  '__proto__',
  '__defineGetter__',
  '__lookupSetter__',
  'prototype',
  'length',
  'name',
  'then',
  'toJSON',
  'null',
  'undefined',
  'NaN',
  'true',
  'None',
  'self',
  '__class__',
  '__dict__',
  '{}',
  '{0}',
  '%s',
  '${name}',
] as const;

/** Words that the marketplace itself uses in what it stores and sends. */
export const OWN_WORDS = [
  'id',
  'item',
  'item:1',
  'item:2',
  'example:1',
  'fields',
  'media',
  'files',
  'expected',
  'prediction',
  'confidence',
  'label',
  'labels',
  'target',
  'value',
  'document',
  'status',
  'pk',
  'sk',
  'column_1',
] as const;

/** Well-formed, visible, and unusual. */
export const ODD_NAMES = [
  '0',
  '-1',
  '1e400',
  '.',
  '..x',
  'a.b',
  'a/b',
  '../../etc/passwd',
  "Robert'); DROP TABLE",
  '<script>alert(1)</script>',
  '=1+1',
  '@SUM(A1)',
  '"quoted"',
  "it's",
  'a,b;c|d',
  'back\\slash',
  'cafe\u0301',
  'ﬁne print',
  '日本語',
  'שלום',
  'مرحبا',
  '😀',
  '👩‍💻',
  'I\u0307',
  'ß',
  ' padded ',
  'two  spaces',
  'no\u00a0break',
  'zero\u200bwidth',
  '\uffff',
  'x'.repeat(80),
] as const;

/** Names that no place takes: 422, wherever they stand. */
export const REFUSED_NAMES = [
  '\ud800',
  'half \udfff pair',
  'nul\0byte',
  'bell\u0007',
  'line\nbreak',
  'tab\tstop',
  'c1\u0085control',
  'right\u202eleft',
  'isolate\u2067d',
  'separator\u2028line',
  '\u200b',
  '\ufeff',
] as const;

export const HOSTILE_NAMES: readonly string[] = [...RESERVED_WORDS, ...OWN_WORDS, ...ODD_NAMES];
