import { FILE_KINDS } from '../../contracts/rules/file-kinds.ts';
import type { FileKind } from '../../contracts/rules/file-kinds.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { markedEncoding } from '../../contracts/values/byte-order-marks.ts';
import { openingOf, textDocumentIn } from './disguise-text.ts';
import type { Fingerprint } from './fingerprint.ts';
import { detectFormat } from './signatures.ts';

/**
 * Rejects bytes that are of another type than announced, and names that type.
 * @throws Unreadable
 */
export function assertNoDisguise(declared: FileKind, print: Fingerprint): void {
  const marked = markedEncoding(print.head);
  const isText = marked !== undefined || (!print.hasNul && print.isUtf8);
  const detected = isText ? undefined : detectFormat(print.head);
  if (detected && (print.hasNul || !detected.isWeak)) refuse(declared, detected.name);
  const document = textDocumentIn(print.head);
  if (document !== undefined) refuse(declared, document);
  const opening = openingOf(print.head);
  if (declared === 'csv' && /^(?:\[\s*[[{]|\{\s*")/.test(opening)) refuse(declared, 'JSON');
}

function refuse(declared: FileKind, found: string): never {
  throw new Unreadable(`The file is ${found}, not ${FILE_KINDS[declared].name}.`);
}
