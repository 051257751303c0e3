import { zip } from '../media/archives.ts';
import { sample } from '../media/samples.ts';
import { box, id3, mp3, wav } from '../media/sounds.ts';
import { hostileAs, HTML } from './hostile-file.ts';
import type { HostileFile } from './hostile-file.ts';

export const SOUNDS: readonly HostileFile[] = [
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
  ).map(hostileAs('audio/mpeg', 'a.mp3')),
  ...(
    [
      ['wav of nine channels', () => wav({ channels: 9 })],
      ['wav of ten million samples a second', () => wav({ rate: 10_000_000 })],
      ['wav of no samples', () => wav({ samples: Buffer.alloc(0) })],
      ['wav of more than four hours', () => wav({ rate: 1000, samples: Buffer.alloc(30 << 20) })],
    ] as const
  ).map(hostileAs('audio/wav', 'a.wav')),
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
  ).map(hostileAs('audio/mp4', 'a.m4a')),
];
