import { deflateSync } from 'node:zlib';
import type { MediaType } from '../../../contracts/rules/file-kinds.ts';
import { textCell, workbook, workbookMembers, zip } from '../media/archives.ts';
import type { ZipMember } from '../media/archives.ts';
import { deflated, pdf } from '../media/pdfs.ts';
import { bmp, gif, gifExtension, GIF_FRAME, png, pngChunk, tiff } from '../media/pictures.ts';
import { sample } from '../media/samples.ts';
import { box, id3, mp3, wav } from '../media/sounds.ts';

/** A file that must not be accepted. Its bytes are made when they are needed: some are large. */
export interface HostileFile {
  readonly name: string;
  readonly type: MediaType;
  readonly filename: string;
  readonly bytes: () => Buffer;
}

export const XLSX: MediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const archive = (more: readonly ZipMember[] = []): Buffer =>
  zip([
    { name: 'labels.csv', data: Buffer.from('picture,label\na.png,cat\n') },
    { name: 'a.png', data: png() },
    ...more,
  ]);

/** A good file of each format, from which bad ones are made. */
export const GOOD: readonly (readonly [
  name: string,
  type: MediaType,
  ending: string,
  bytes: () => Buffer,
])[] = [
  ['png', 'image/png', 'png', () => png()],
  ['jpeg', 'image/jpeg', 'jpg', () => sample('jpeg')],
  ['webp', 'image/webp', 'webp', () => sample('webp')],
  ['lossless webp', 'image/webp', 'webp', () => sample('losslessWebp')],
  ['gif', 'image/gif', 'gif', () => gif()],
  ['tiff', 'image/tiff', 'tif', () => tiff()],
  ['bmp', 'image/bmp', 'bmp', () => bmp()],
  ['pdf', 'application/pdf', 'pdf', () => pdf()],
  ['wav', 'audio/wav', 'wav', () => wav()],
  ['flac', 'audio/flac', 'flac', () => sample('flac')],
  ['ogg', 'audio/ogg', 'ogg', () => sample('ogg')],
  ['opus', 'audio/ogg', 'opus', () => sample('opus')],
  ['mp3', 'audio/mpeg', 'mp3', () => sample('mp3')],
  ['m4a', 'audio/mp4', 'm4a', () => sample('m4a')],
  ['xlsx', XLSX, 'xlsx', () => workbook()],
  ['zip', 'application/zip', 'zip', () => archive()],
];

const HTML = Buffer.from('<html><script>alert(1)</script></html>');
const SCRIPT = Buffer.from('\n=1;eval(location.hash.slice(1))//');
const CHANGES: readonly (readonly [name: string, change: (bytes: Buffer) => Buffer])[] = [
  ['cut in half', (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2))],
  ['cut by 12 bytes', (bytes) => bytes.subarray(0, bytes.length - 12)],
  ['cut to its head', (bytes) => bytes.subarray(0, 24)],
  ['with a ZIP behind it', (bytes) => Buffer.concat([bytes, zip([{ name: 'a', data: Buffer.from('x') }])])],
  ['with HTML behind it', (bytes) => Buffer.concat([bytes, HTML])],
  ['with a script behind it', (bytes) => Buffer.concat([bytes, SCRIPT])],
  ['behind HTML', (bytes) => Buffer.concat([HTML, bytes])],
];

const changed: HostileFile[] = GOOD.flatMap(([name, type, ending, good]) =>
  CHANGES.map(([change, apply]) => ({
    name: `${name} ${change}`,
    type,
    filename: `a.${ending}`,
    bytes: () => apply(good()),
  })),
);

const otherType = (type: MediaType): MediaType => (type === 'image/png' ? 'image/gif' : 'image/png');
const misnamed: HostileFile[] = GOOD.flatMap(([name, type, ending, good]) => [
  { name: `${name} announced as another type`, type: otherType(type), filename: 'a', bytes: good },
  ...(type.startsWith('image/') || type.startsWith('audio/')
    ? [
        {
          name: `${name} with another ending`,
          type,
          filename: ending === 'pdf' ? 'a.png' : 'a.pdf',
          bytes: good,
        },
      ]
    : []),
]);

const FOREIGN: readonly (readonly [name: string, content: string])[] = [
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
  ['HTML', '<!doctype html><script>alert(1)</script>'],
  ['XML', '<?xml version="1.0"?><a/>'],
  ['PHP', '<?php system($_GET[0]); ?>'],
  ['shell script', '#!/bin/sh\nrm -rf /\n'],
  ['PostScript', '%!PS-Adobe-3.0\n'],
  ['program', 'MZ\u0090\u0000\u0003'],
  ['ELF', '\u007fELF\u0002\u0001'],
  ['RAR', 'Rar!\u001a\u0007\u0000'],
  ['gzip', '\u001f\u008b\u0008\u0000'],
  ['text', 'just a text, nothing more'],
];
const foreign: HostileFile[] = (
  [
    ['png', 'image/png'],
    ['pdf', 'application/pdf'],
    ['mp3', 'audio/mpeg'],
    ['xlsx', XLSX],
    ['zip', 'application/zip'],
  ] as const
).flatMap(([ending, type]) =>
  FOREIGN.map(([name, content]) => ({
    name: `${name} named ${ending}`,
    type,
    filename: `a.${ending}`,
    bytes: () => Buffer.from(content.padEnd(64), 'latin1'),
  })),
);

const of =
  (type: MediaType, filename: string) =>
  ([name, bytes]: readonly [string, () => Buffer]): HostileFile => ({ name, type, filename, bytes });

const pictures = [
  ...(
    [
      [
        'png of 60,000 × 60,000 pixels',
        () => png({ width: 60_000, height: 60_000, pixels: deflateSync(Buffer.alloc(10)) }),
      ],
      ['png whose pixels inflate to 24 MB', () => png({ pixels: deflateSync(Buffer.alloc(24 << 20)) })],
      [
        'png with data behind its pixels',
        () => png({ pixels: Buffer.concat([deflateSync(Buffer.alloc(72)), Buffer.alloc(999, 7)]) }),
      ],
      ['png with fewer pixels than it says', () => png({ pixels: deflateSync(Buffer.alloc(30)) })],
      ['png with pixels that are no zlib', () => png({ pixels: Buffer.alloc(80, 3) })],
      [
        'png with a script in its text',
        () => png({ before: [pngChunk('tEXt', Buffer.from('a\u0000<script>alert(1)</script>'))] }),
      ],
      ['png with a ZIP in its text', () => png({ before: [pngChunk('zTXt', zip([{ name: 'a' }]))] })],
      ['png of a wrong checksum', () => png({ end: Buffer.from('0000000049454e4400000000', 'hex') })],
      ['png without an end', () => png({ end: Buffer.alloc(0) })],
      [
        'png of 9,999 frames',
        () => png({ before: [pngChunk('acTL', Buffer.from([0, 0, 0x27, 0x0f, 0, 0, 0, 0]))] }),
      ],
      ['png of no colour type', () => png({ colour: 5 })],
    ] as const
  ).map(of('image/png', 'a.png')),
  ...(
    [
      ['gif of 10,000 frames', () => gif({ blocks: Array.from({ length: 10_000 }, () => GIF_FRAME) })],
      ['gif with a script in a comment', () => gif({ blocks: [gifExtension(0xfe, HTML), GIF_FRAME] })],
      ['gif that is JavaScript', () => gif({ width: 0x2a2f, blocks: [Buffer.from('*/=1;alert(1)//')] })],
      ['gif without frames', () => gif({ blocks: [] })],
      ['gif of 65,535 × 65,535 pixels', () => gif({ width: 65_535, height: 65_535 })],
    ] as const
  ).map(of('image/gif', 'a.gif')),
  ...(
    [
      [
        'bmp of 60,000 × 60,000 pixels',
        () => bmp({ width: 60_000, height: 60_000, pixels: Buffer.alloc(64) }),
      ],
      ['bmp without its pixels', () => bmp({ width: 100, height: 100, pixels: Buffer.alloc(64) })],
    ] as const
  ).map(of('image/bmp', 'a.bmp')),
  ...(
    [
      ['tiff of 60,000 × 60,000 pixels', () => tiff({ width: 60_000, height: 60_000 })],
      ['tiff whose pages form a circle', () => tiff({ next: 24 })],
      [
        'tiff that is a raw photograph',
        () => tiff({ entries: [{ tag: 50706, type: 1, count: 4, value: 1 }] }),
      ],
      ['tiff whose next page is outside', () => tiff({ next: 1 << 30 })],
      [
        'tiff with a value outside',
        () => tiff({ entries: [{ tag: 34675, type: 1, count: 1 << 30, value: 8 }] }),
      ],
    ] as const
  ).map(of('image/tiff', 'a.tif')),
  ...(
    [
      [
        'jpeg with PHP in a comment',
        () =>
          Buffer.concat([
            sample('jpeg').subarray(0, 2),
            Buffer.from('\u00ff\u00fe\u0000\u000a<?php 1;', 'latin1'),
            sample('jpeg').subarray(2),
          ]),
      ],
      [
        'jpeg with 200 scans',
        () => {
          const jpeg = sample('jpeg');
          const scan = jpeg.subarray(jpeg.indexOf(Buffer.from([0xff, 0xda])), jpeg.length - 2);
          return Buffer.concat([
            jpeg.subarray(0, jpeg.length - 2),
            ...Array.from({ length: 200 }, () => scan),
            jpeg.subarray(-2),
          ]);
        },
      ],
    ] as const
  ).map(of('image/jpeg', 'a.jpg')),
];

const action = (extra: string) => ({ catalog: `/OpenAction << /S /JavaScript ${extra} >>` });
const objectStream = (object: string, more = '') => ({
  extra: [deflated(Buffer.from(`9 0 ${object}`), `/Type /ObjStm /N 1 /First 4 ${more}`)],
});
const documents = (
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
).map(of('application/pdf', 'a.pdf'));

const sounds = [
  ...(
    [
      [
        'mp3 with a cover picture of 40 MB',
        () => Buffer.concat([id3('APIC', Buffer.alloc(40 << 20, 0xaa)), mp3()]),
      ],
      ['mp3 with a ZIP in its tag', () => Buffer.concat([id3('GEOB', zip([{ name: 'a' }])), mp3()])],
      ['mp3 with HTML in its tag', () => Buffer.concat([id3('TXXX', HTML), mp3()])],
      ['mp3 of one frame', () => mp3(1)],
    ] as const
  ).map(of('audio/mpeg', 'a.mp3')),
  ...(
    [
      ['wav of nine channels', () => wav({ channels: 9 })],
      ['wav of ten million samples a second', () => wav({ rate: 10_000_000 })],
      ['wav of no samples', () => wav({ samples: Buffer.alloc(0) })],
      ['wav of more than four hours', () => wav({ rate: 1000, samples: Buffer.alloc(30 << 20) })],
    ] as const
  ).map(of('audio/wav', 'a.wav')),
  ...(
    [
      [
        'm4a that is a video',
        () => Buffer.from(sample('m4a').toString('latin1').replace('soun', 'vide'), 'latin1'),
      ],
      [
        'm4a without sound',
        () =>
          Buffer.concat([
            box('ftyp', Buffer.from('M4A \u0000\u0000\u0000\u0000')),
            box('mdat', Buffer.alloc(9)),
          ]),
      ],
    ] as const
  ).map(of('audio/mp4', 'a.m4a')),
];

const book = (more: readonly ZipMember[]) => () => zip([...workbookMembers(), ...more]);
const workbooks = (
  [
    ['xlsx with a VBA project', book([{ name: 'xl/vbaProject.bin', data: Buffer.from('x') }])],
    [
      'xlsx of the type of macros',
      () => workbook({ contentType: 'application/vnd.ms-excel.sheet.macroEnabled.main+xml' }),
    ],
    ['xlsx with an embedded file', book([{ name: 'xl/embeddings/oleObject1.bin', data: Buffer.from('x') }])],
    ['xlsx with ActiveX', book([{ name: 'xl/activeX/activeX1.bin', data: Buffer.from('x') }])],
    ['xlsx with a macro sheet', book([{ name: 'xl/macrosheets/sheet1.xml', data: Buffer.from('<a/>') }])],
    [
      'xlsx with entities',
      () => workbook({ prolog: '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]>' }),
    ],
    [
      'xlsx with an external entity',
      () => workbook({ prolog: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' }),
    ],
    [
      'xlsx that says it unpacks to 4 GB',
      book([{ name: 'a.xml', data: Buffer.from('x'), size: 0xfffffff0 }]),
    ],
    [
      'xlsx that unpacks to more than it says',
      () =>
        zip(
          workbookMembers().map((member) =>
            member.name.includes('sheet1') ? { ...member, size: 10 } : member,
          ),
        ),
    ],
    [
      'xlsx with texts of 50 MB',
      () =>
        zip(
          workbookMembers().map((member) =>
            member.name.includes('shared') ? { ...member, data: Buffer.alloc(50 << 20, 0x20) } : member,
          ),
        ),
    ],
    ['xlsx without a workbook', () => zip([{ name: '[Content_Types].xml', data: Buffer.from('<a/>') }])],
    ['xlsx without sheets', () => workbook({ sheets: {} })],
    ['xlsx of an empty sheet', () => workbook({ sheets: { A: [] } })],
    ['xlsx of a column too far right', () => workbook({ sheets: { A: [[textCell('XFD1', 'x')]] } })],
    [
      'xlsx of broken XML',
      () =>
        zip(
          workbookMembers().map((member) =>
            member.name.includes('sheet1') ? { ...member, data: Buffer.from('<a><b></a>') } : member,
          ),
        ),
    ],
    ['encrypted xlsx', () => zip(workbookMembers().map((member) => ({ ...member, flags: 0x801 })))],
  ] as const
).map(of(XLSX, 'a.xlsx'));

const archives = (
  [
    ['zip with ../ in a name', () => archive([{ name: '../b.png', data: png() }])],
    ['zip with an absolute name', () => archive([{ name: '/etc/b.png', data: png() }])],
    ['zip with \\ in a name', () => archive([{ name: '..\\b.png', data: png() }])],
    ['zip with a drive in a name', () => archive([{ name: 'C:\\b.png', data: png() }])],
    ['zip in a zip', () => archive([{ name: 'b.zip', data: archive() }])],
    [
      'zip with a link',
      () =>
        archive([{ name: 'b.png', data: Buffer.from('/etc/passwd'), attributes: (0o120777 << 16) >>> 0 }]),
    ],
    ['zip with a program', () => archive([{ name: 'b.exe', data: Buffer.from('MZ') }])],
    ['zip with HTML named png', () => archive([{ name: 'b.png', data: HTML }])],
    ['zip with a jpeg named png', () => archive([{ name: 'b.png', data: sample('jpeg') }])],
    ['zip with a broken picture', () => archive([{ name: 'b.png', data: png().subarray(0, 40) }])],
    ['zip with a scripted pdf', () => archive([{ name: 'b.pdf', data: pdf(action('/JS (1)')) }])],
    ['zip with a name twice', () => archive([{ name: 'a.png', data: png() }])],
    ['zip with two tables', () => archive([{ name: 'b.csv', data: Buffer.from('a\nx\n') }])],
    ['zip without media', () => zip([{ name: 'a.csv', data: Buffer.from('a\nx\n') }])],
    ['zip without a table', () => zip([{ name: 'a.png', data: png() }])],
    ['zip with entries in each other', () => archive([{ name: 'b.png', data: png(), offset: 5 }])],
    ['zip of 6,000 entries', () => archive(Array.from({ length: 6_000 }, (_, i) => ({ name: `${i}.png` })))],
    ['zip that says it unpacks to 1 GB', () => archive([{ name: 'b.png', data: png(), size: 1 << 30 }])],
    [
      'zip that unpacks to more than it says',
      () => archive([{ name: 'b.png', data: Buffer.alloc(10 << 20), size: 100 }]),
    ],
    ['encrypted zip', () => archive([{ name: 'b.png', data: png(), flags: 0x801 }])],
    ['zip of an unknown compression', () => archive([{ name: 'b.png', data: png(), method: 99 }])],
    [
      'zip with a script in its comment',
      () =>
        zip(
          [
            { name: 'a.csv', data: Buffer.from('p\na.png\n') },
            { name: 'a.png', data: png() },
          ],
          HTML.toString(),
        ),
    ],
    [
      'zip of a table that is not UTF-8',
      () =>
        zip([
          { name: 'a.csv', data: Buffer.from('p\nä.png\n', 'latin1') },
          { name: 'ä.png', data: png() },
        ]),
    ],
    [
      'zip of a table that names what is absent',
      () =>
        zip([
          { name: 'a.csv', data: Buffer.from('p\na.png\nb.png\n') },
          { name: 'a.png', data: png() },
        ]),
    ],
  ] as const
).map(of('application/zip', 'a.zip'));

export const HOSTILE: readonly HostileFile[] = [
  ...changed,
  ...misnamed,
  ...foreign,
  ...pictures,
  ...documents,
  ...sounds,
  ...workbooks,
  ...archives,
];
