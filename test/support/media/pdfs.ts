import { deflateSync } from 'node:zlib';

/** An object of a PDF: a dictionary without its brackets, and the data of its stream. */
export interface PdfPart {
  readonly dictionary: string;
  readonly data?: Buffer;
}

export const FONT: PdfPart = { dictionary: '/Type /Font /Subtype /Type1 /BaseFont /Helvetica' };
export const textStream = (text: string): PdfPart => ({
  dictionary: '',
  data: Buffer.from(`BT /F1 18 Tf 72 700 Td (${text}) Tj ET`),
});
export const deflated = (data: Buffer, dictionary = ''): PdfPart => ({
  dictionary: `${dictionary} /Filter /FlateDecode`,
  data: deflateSync(data),
});

interface PdfOptions {
  /** Texts of the pages. */
  readonly pages?: readonly string[];
  /** Further objects; the first has the number that `further` was called with. */
  readonly extra?: readonly PdfPart[];
  /** In the catalog and in the trailer. */
  readonly catalog?: string;
  readonly trailer?: string;
}

/** A PDF with one text per page. Objects: 1 catalog, 2 pages, 3 font, then page and content of each, then the extra ones. */
export function pdf({ pages = ['Hello'], extra = [], catalog = '', trailer = '' }: PdfOptions = {}): Buffer {
  const page = (i: number) => 4 + i * 2;
  const parts: PdfPart[] = [
    { dictionary: `/Type /Catalog /Pages 2 0 R ${catalog}` },
    {
      dictionary: `/Type /Pages /Count ${pages.length} /Kids [${pages.map((_, i) => `${page(i)} 0 R`).join(' ')}]`,
    },
    FONT,
    ...pages.flatMap((text, i) => [
      {
        dictionary: `/Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${page(i) + 1} 0 R /Resources << /Font << /F1 3 0 R >> >>`,
      },
      textStream(text),
    ]),
    ...extra,
  ];
  return pdfOf(parts, trailer);
}

export function pdfOf(parts: readonly PdfPart[], trailer = ''): Buffer {
  const pieces: Buffer[] = [Buffer.from('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1')];
  const offsets: number[] = [];
  const size = () => pieces.reduce((sum, { length }) => sum + length, 0);
  let at = size();
  parts.forEach(({ dictionary, data }, i) => {
    offsets.push(at);
    const length = data ? ` /Length ${data.length}` : '';
    const piece = Buffer.concat([
      Buffer.from(`${i + 1} 0 obj\n<< ${dictionary}${length} >>\n`, 'latin1'),
      ...(data ? [Buffer.from('stream\n'), data, Buffer.from('\nendstream\n')] : []),
      Buffer.from('endobj\n'),
    ]);
    pieces.push(piece);
    at += piece.length;
  });
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  pieces.push(
    Buffer.from(
      `xref\n0 ${parts.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${parts.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${at}\n%%EOF\n`,
      'latin1',
    ),
  );
  return Buffer.concat(pieces);
}
