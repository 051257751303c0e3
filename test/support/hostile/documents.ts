import { deflateSync } from 'node:zlib';
import { deflated, pdf } from '../media/pdfs.ts';

import { hostileAs } from './hostile-file.ts';
import type { HostileFile } from './hostile-file.ts';

/** A document that runs a script when it is opened. */
export const action = (extra: string) => ({ catalog: `/OpenAction << /S /JavaScript ${extra} >>` });
const objectStream = (object: string, more = '') => ({
  extra: [deflated(Buffer.from(`9 0 ${object}`), `/Type /ObjStm /N 1 /First 4 ${more}`)],
});

export const DOCUMENTS: readonly HostileFile[] = (
  [
    ['pdf of 5,000 pages', () => pdf({ pages: Array.from({ length: 5_000 }, () => 'x') })],
    ['pdf without pages', () => pdf({ pages: [] })],
    ['encrypted pdf', () => pdf({ trailer: '/Encrypt << /Filter /Standard /V 2 >>' })],
    ['pdf with a script on opening', () => pdf(action('/JS (app.alert\\(1\\))'))],
    [
      'pdf with a script in names',
      () => pdf({ catalog: '/Names << /JavaScript << /Names [(a) 3 0 R] >> >>' }),
    ],
    [
      'pdf with a script in an annotation',
      () => pdf({ extra: [{ dictionary: '/Type /Annot /A << /S /JavaScript /JS (1) >>' }] }),
    ],
    [
      'pdf with a script in additional actions',
      () => pdf({ extra: [{ dictionary: '/AA << /O << /S /JavaScript /JS (1) >> >>' }] }),
    ],
    [
      'pdf with a script spelled with #',
      () => pdf({ catalog: '/OpenAction << /S /#4aavaScript /#4a#53 (1) >>' }),
    ],
    ['pdf with a script in an object stream', () => pdf(objectStream('<< /S /JavaScript /JS (1) >>'))],
    [
      'pdf with a script in the bytes of a stream',
      () => pdf({ extra: [{ dictionary: '', data: Buffer.from('9 0 obj << /S /JavaScript >> endobj') }] }),
    ],
    [
      'pdf with an object stream that cannot be read',
      () => pdf(objectStream('<< >>', '/DecodeParms << /Predictor 12 >>')),
    ],
    ['pdf with embedded files', () => pdf({ catalog: '/Names << /EmbeddedFiles << /Names [] >> >>' })],
    [
      'pdf with an embedded file',
      () => pdf({ extra: [{ dictionary: '/Type /EmbeddedFile', data: Buffer.from('MZ') }] }),
    ],
    [
      'pdf with a file specification',
      () => pdf({ extra: [{ dictionary: '/Type /Filespec /EF << /F 3 0 R >>' }] }),
    ],
    [
      'pdf with an attachment',
      () => pdf({ extra: [{ dictionary: '/Type /Annot /Subtype /FileAttachment' }] }),
    ],
    ['pdf that starts a program', () => pdf({ catalog: '/OpenAction << /S /Launch /F (cmd.exe) >>' })],
    ['pdf with rich media', () => pdf({ extra: [{ dictionary: '/Type /Annot /Subtype /RichMedia' }] })],
    ['pdf with an XFA form', () => pdf({ catalog: '/AcroForm << /XFA 3 0 R >>' })],
    ['pdf with a stream of 40 MB in 40 KB', () => pdf({ extra: [deflated(Buffer.alloc(40 << 20))] })],
    [
      'pdf with a stream in three filters',
      () =>
        pdf({
          extra: [
            {
              dictionary: '/Filter [/FlateDecode /FlateDecode /FlateDecode]',
              data: deflateSync(Buffer.alloc(9)),
            },
          ],
        }),
    ],
    [
      'pdf with a picture of 60,000 × 60,000 pixels',
      () =>
        pdf({ extra: [{ dictionary: '/Subtype /Image /Width 60000 /Height 60000', data: Buffer.alloc(9) }] }),
    ],
    ['pdf of nested lists', () => pdf({ catalog: `/X ${'['.repeat(5_000)}${']'.repeat(5_000)}` })],
    [
      'pdf with HTML in a comment',
      () =>
        Buffer.from(
          pdf().toString('latin1').replace('4 0 obj', '%<script>alert(1)</script>\n4 0 obj'),
          'latin1',
        ),
    ],
    [
      'pdf with text between objects',
      () => Buffer.from(pdf().toString('latin1').replace('4 0 obj', 'hello there\n4 0 obj'), 'latin1'),
    ],
    [
      'pdf with a wrong offset',
      () =>
        Buffer.from(
          pdf()
            .toString('latin1')
            .replace(/startxref\n\d+/, 'startxref\n7'),
          'latin1',
        ),
    ],
  ] as const
).map(hostileAs('application/pdf', 'a.pdf'));
