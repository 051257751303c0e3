import { markedEncoding } from '../../contracts/values/byte-order-marks.ts';

/** Text formats that a browser or viewer would execute or render (patterns of WHATWG MIME Sniffing, 7.1). */
const DOCUMENTS: readonly (readonly [RegExp, string])[] = [
  [
    /^<(?:!doctype html|html|head|body|script|iframe|h1|div|font|table|a|style|title|b|br|p|!--)[\s>]/i,
    'an HTML page',
  ],
  [/^<svg[\s>]/i, 'an SVG picture'],
  [/^<\?php/i, 'a PHP script'],
  [/^<\?xml/i, 'an XML document'],
  [/^<!doctype/i, 'a markup document'],
  [/^#!\s*\//, 'a script'],
  [/^%PDF-/, 'a PDF document'],
  [/^%!PS/, 'a PostScript document'],
  [/^\{\\rtf/, 'an RTF document'],
];

/** The beginning of a file as text, without white space before it. */
export const openingOf = (head: Buffer): string =>
  new TextDecoder(markedEncoding(head) ?? 'latin1').decode(head.subarray(0, 4096)).trimStart();

/** The document of text that bytes begin with, with its article; undefined for all else. */
export function textDocumentIn(head: Buffer): string | undefined {
  const opening = openingOf(head);
  return DOCUMENTS.find(([pattern]) => pattern.test(opening))?.[1];
}
