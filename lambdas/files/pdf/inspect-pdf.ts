import type { MetadataOf } from '../../../contracts/entities/file-metadata.ts';
import { Unreadable } from '../../shared/tables/unreadable.ts';
import { deadline } from '../deadline.ts';
import { assertNoArchive } from '../hidden.ts';
import { assertFormat } from '../media-format.ts';
import type { Upload } from '../upload.ts';
import { wholeUpload } from '../whole-upload.ts';
import { assertSpellsNoDanger } from './dangers.ts';
import { PdfScan } from './scan.ts';
import type { PdfFacts } from './scan.ts';

/** Bytes at the end in which `startxref` and `%%EOF` are looked for. */
const TAIL_BYTES = 2_048;
const END_MARK = '%%EOF';

/** @throws Unreadable */
export function readPdf(bytes: Buffer): PdfFacts {
  if (bytes.toString('latin1', 0, 5) !== '%PDF-') throw new Unreadable('The file does not begin as a PDF.');
  assertEnd(bytes);
  assertNoArchive(bytes);
  assertSpellsNoDanger(bytes);
  const facts = new PdfScan(bytes, deadline()).run();
  if (facts.pages === 0) throw new Unreadable('The PDF has no pages.');
  return facts;
}

/** A whole PDF ends with the offset of its table of objects, and nothing follows. */
function assertEnd(bytes: Buffer): void {
  const tail = bytes.toString('latin1', Math.max(0, bytes.length - TAIL_BYTES));
  const mark = tail.lastIndexOf(END_MARK);
  if (mark < 0) throw new Unreadable('The PDF is truncated.');
  const rest = tail.slice(mark + END_MARK.length);
  if (!/^[\s\0]*$/.test(rest)) throw new Unreadable(`${rest.length} bytes follow the end of the PDF.`);
  const offset = Number(/startxref\s+(\d+)\s+$/.exec(tail.slice(0, mark))?.[1] ?? Number.NaN);
  const table = bytes.toString('latin1', offset, offset + 40).trimStart();
  if (!/^(?:xref\b|\d+\s+\d+\s+obj\b)/.test(table))
    throw new Unreadable('Broken PDF: it does not say where its objects are.');
}

/** @throws Unreadable */
export async function inspectPdf(upload: Upload): Promise<MetadataOf<'pdf'>> {
  assertFormat(upload, (format) => format === 'pdf');
  const { pages, hasText } = readPdf(await wholeUpload(upload));
  return { file_type: 'pdf', sha256: upload.print.sha256, pages, has_text: hasText };
}
