import { fileTypeFromBuffer } from 'file-type/core';
import { FILE_KINDS } from '../../contracts/rules/file-kinds.ts';
import type { FileKind } from '../../contracts/rules/file-kinds.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { markedEncoding } from '../../contracts/values/byte-order-marks.ts';
import type { Fingerprint } from './fingerprint.ts';

/** Types with signatures of two or three letters, with which a text may begin: `BMI,age` is not a bitmap. */
const WEAK = new Set(['image/bmp', 'application/x-msdownload', 'audio/mpeg', 'application/x-compress']);

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

const article = (name: string): string => (/^[AEFHILMNORSX]/.test(name) ? `an ${name}` : `a ${name}`);

/**
 * Rejects bytes that are of another type than announced, and names that type.
 * @throws Unreadable
 */
export async function assertNoDisguise(declared: FileKind, print: Fingerprint): Promise<void> {
  const marked = markedEncoding(print.head);
  const isText = marked !== undefined || (!print.hasNul && print.isUtf8);
  const known = isText ? undefined : await fileTypeFromBuffer(print.head);
  if (known && (print.hasNul || !WEAK.has(known.mime))) {
    refuse(declared, `${article(known.ext.toUpperCase())} file (${known.mime})`);
  }
  const document = textDocumentIn(print);
  if (document !== undefined) refuse(declared, document);
  const opening = openingOf(print);
  if (declared === 'csv' && /^(?:\[\s*[[{]|\{\s*")/.test(opening)) refuse(declared, 'JSON');
}

const openingOf = ({ head }: Fingerprint): string =>
  new TextDecoder(markedEncoding(head) ?? 'latin1').decode(head.subarray(0, 4096)).trimStart();

/** The document of text that bytes begin with, with its article; undefined for all else. */
export function textDocumentIn(print: Fingerprint): string | undefined {
  const opening = openingOf(print);
  return DOCUMENTS.find(([pattern]) => pattern.test(opening))?.[1];
}

function refuse(declared: FileKind, found: string): never {
  throw new Unreadable(`The file is ${found}, not ${FILE_KINDS[declared].name}.`);
}
