import { Unreadable } from '../shared/tables/unreadable.ts';

/** Documents that a browser, a shell or a reader would find inside of another file. */
const DOCUMENTS: readonly (readonly [needle: string, name: string])[] = [
  ['<script', 'a script'],
  ['<html', 'an HTML page'],
  ['<!doctype html', 'an HTML page'],
  ['<svg', 'an SVG picture'],
  ['<iframe', 'an HTML page'],
  ['<?php', 'a PHP script'],
  ['javascript:', 'a script'],
  ['PK\u0003\u0004', 'a ZIP archive'],
  ['%PDF-', 'a PDF document'],
  ['7z\u00bc\u00af\u0027\u001c', 'a 7z archive'],
  ['Rar!\u001a\u0007', 'a RAR archive'],
  ['\u007fELF', 'a program'],
];

/**
 * Rejects a block of bytes that no reader of the format looks at, if it contains a document of another type.
 * @throws Unreadable
 */
export function assertNothingHidden(block: Buffer): void {
  const text = block.toString('latin1').toLowerCase();
  const found = DOCUMENTS.find(([needle]) => text.includes(needle.toLowerCase()));
  if (found) throw new Unreadable(`The file hides ${found[1]}.`);
}

const END_OF_CENTRAL_DIRECTORY = Buffer.from('PK\u0005\u0006', 'latin1');
const MAX_COMMENT = 65_535;
const RECORD_BYTES = 22;

/** Rejects bytes that are also a ZIP archive: its directory is at the end of a file. @throws Unreadable */
export function assertNoArchive(bytes: Buffer): void {
  const from = Math.max(0, bytes.length - MAX_COMMENT - RECORD_BYTES);
  const tail = bytes.subarray(from);
  for (
    let at = tail.indexOf(END_OF_CENTRAL_DIRECTORY);
    at >= 0;
    at = tail.indexOf(END_OF_CENTRAL_DIRECTORY, at + 1)
  ) {
    if (at + RECORD_BYTES > tail.length) return;
    const directory = tail.readUInt32LE(at + 12);
    if (directory <= from + at && tail.readUInt16LE(at + 20) <= tail.length - at - RECORD_BYTES)
      throw new Unreadable('The file is a ZIP archive too.');
  }
}

/** Rejects bytes after the end of a format. @throws Unreadable */
export function assertNothingAfter(bytes: Buffer, end: number, name: string): void {
  const rest = bytes.subarray(end);
  if (rest.every((byte) => byte === 0)) return;
  assertNothingHidden(rest);
  throw new Unreadable(`${rest.length} bytes follow the end of the ${name}.`);
}
