import { fileTypeFromBuffer } from 'file-type/core';
import { FILE_KINDS } from '../../contracts/rules/file-kinds.ts';
import type { FileKind } from '../../contracts/rules/file-kinds.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { markedEncoding } from '../../contracts/values/byte-order-marks.ts';
import { openingOf, textDocumentIn } from './disguise-text.ts';
import type { Fingerprint } from './fingerprint.ts';

/** Types with signatures of two or three letters, with which a text may begin: `BMI,age` is not a bitmap. */
const WEAK = new Set(['image/bmp', 'application/x-msdownload', 'audio/mpeg', 'application/x-compress']);

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
  const document = textDocumentIn(print.head);
  if (document !== undefined) refuse(declared, document);
  const opening = openingOf(print.head);
  if (declared === 'csv' && /^(?:\[\s*[[{]|\{\s*")/.test(opening)) refuse(declared, 'JSON');
}

function refuse(declared: FileKind, found: string): never {
  throw new Unreadable(`The file is ${found}, not ${FILE_KINDS[declared].name}.`);
}
