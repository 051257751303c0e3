import { deflateSync } from 'node:zlib';
import { zip } from '../media/archives.ts';
import { bmp, gif, gifExtension, GIF_FRAME, png, pngChunk, tiff } from '../media/pictures.ts';
import { sample } from '../media/samples.ts';
import { hostileAs, HTML } from './hostile-file.ts';
import type { HostileFile } from './hostile-file.ts';

export const PICTURES: readonly HostileFile[] = [
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
  ).map(hostileAs('image/png', 'a.png')),
  ...(
    [
      ['gif of 10,000 frames', () => gif({ blocks: Array.from({ length: 10_000 }, () => GIF_FRAME) })],
      ['gif with a script in a comment', () => gif({ blocks: [gifExtension(0xfe, HTML), GIF_FRAME] })],
      ['gif that is JavaScript', () => gif({ width: 0x2a2f, blocks: [Buffer.from('*/=1;alert(1)//')] })],
      ['gif without frames', () => gif({ blocks: [] })],
      ['gif of 65,535 × 65,535 pixels', () => gif({ width: 65_535, height: 65_535 })],
    ] as const
  ).map(hostileAs('image/gif', 'a.gif')),
  ...(
    [
      [
        'bmp of 60,000 × 60,000 pixels',
        () => bmp({ width: 60_000, height: 60_000, pixels: Buffer.alloc(64) }),
      ],
      ['bmp without its pixels', () => bmp({ width: 100, height: 100, pixels: Buffer.alloc(64) })],
    ] as const
  ).map(hostileAs('image/bmp', 'a.bmp')),
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
  ).map(hostileAs('image/tiff', 'a.tif')),
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
  ).map(hostileAs('image/jpeg', 'a.jpg')),
];
