import type { MediaType } from '../../../contracts/rules/file-kinds.ts';
import { zip } from '../media/archives.ts';
import { GOOD } from './good.ts';
import { HTML, XLSX } from './hostile-file.ts';
import type { HostileFile } from './hostile-file.ts';

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

/** Good files that are damaged, extended or announced as something else, and files of foreign formats. */
export const CHANGED: readonly HostileFile[] = [...changed, ...misnamed, ...foreign];
