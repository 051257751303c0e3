import { zip } from '../media/archives.ts';
import { pdf } from '../media/pdfs.ts';
import { png } from '../media/pictures.ts';
import { sample } from '../media/samples.ts';
import { action } from './documents.ts';
import { archive } from './good.ts';
import { hostileAs, HTML } from './hostile-file.ts';
import type { HostileFile } from './hostile-file.ts';

export const ARCHIVES: readonly HostileFile[] = (
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
).map(hostileAs('application/zip', 'a.zip'));
