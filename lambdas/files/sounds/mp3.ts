import { assertNothingAfter } from '../hidden.ts';
import { broken, SoundTags, truncated } from './sound.ts';
import type { Sound } from './sound.ts';

/** Kilobits a second of layer III, by version and index. */
const MPEG_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const MPEG_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
/** Samples a second by the two bits of the version: 2.5, (reserved), 2, 1. */
const RATES: readonly (readonly number[])[] = [
  [11_025, 12_000, 8_000],
  [],
  [22_050, 24_000, 16_000],
  [44_100, 48_000, 32_000],
];
const MIN_FRAMES = 2;
const ID3V1_BYTES = 128;
const APE_FOOTER = 32;

interface Frame {
  readonly length: number;
  readonly samples: number;
  readonly sampleRate: number;
  readonly channels: number;
}

/** Walks over the frames of an MP3, whose headers chain up to its end. @throws Unreadable */
export function readMp3(bytes: Buffer): Sound {
  const tags = new SoundTags();
  let at = passLeadingTags(bytes, tags);
  while (bytes[at] === 0) at += 1;
  let first: Frame | undefined;
  let frames = 0;
  let seconds = 0;
  for (let frame = frameAt(bytes, at); frame; frame = frameAt(bytes, at)) {
    if (at + frame.length > bytes.length) throw truncated();
    first ??= frame;
    frames += 1;
    seconds += frame.samples / frame.sampleRate;
    at += frame.length;
  }
  if (!first || frames < MIN_FRAMES) throw broken('it has no frames of MPEG layer III');
  assertNothingAfter(bytes, passTrailingTags(bytes, at, tags), 'sound');
  return { seconds, channels: first.channels, sampleRate: first.sampleRate };
}

/** ID3v2: ten bytes and a size of four times seven bits. */
function passLeadingTags(bytes: Buffer, tags: SoundTags): number {
  let at = 0;
  while (bytes.toString('latin1', at, at + 3) === 'ID3') {
    if (at + 10 > bytes.length) throw truncated();
    const size = [6, 7, 8, 9].reduce((sum, i) => sum * 128 + (bytes[at + i]! & 0x7f), 0);
    const end = at + 10 + size + (bytes[at + 5]! & 0x10 ? 10 : 0);
    if (end > bytes.length) throw truncated();
    tags.add(bytes.subarray(at, end));
    at = end;
  }
  return at;
}

function passTrailingTags(bytes: Buffer, from: number, tags: SoundTags): number {
  let at = from;
  if (bytes.toString('latin1', at, at + 8) === 'APETAGEX' && at + APE_FOOTER <= bytes.length) {
    const end = Math.min(bytes.length, at + APE_FOOTER + bytes.readUInt32LE(at + 12));
    tags.add(bytes.subarray(at, end));
    at = end;
  }
  if (bytes.toString('latin1', at, at + 3) === 'TAG' && at + ID3V1_BYTES <= bytes.length) {
    tags.add(bytes.subarray(at, at + ID3V1_BYTES));
    at += ID3V1_BYTES;
  }
  return at;
}

function frameAt(bytes: Buffer, at: number): Frame | undefined {
  if (at + 4 > bytes.length) return undefined;
  const header = bytes.readUInt32BE(at);
  const version = (header >>> 19) & 3;
  const isLayerThree = ((header >>> 17) & 3) === 1;
  if (header >>> 21 !== 0x7ff || version === 1 || !isLayerThree) return undefined;
  const kilobits = (version === 3 ? MPEG_1 : MPEG_2)[(header >>> 12) & 15];
  const sampleRate = RATES[version]![(header >>> 10) & 3];
  if (!kilobits || !sampleRate) return undefined;
  const samples = version === 3 ? 1152 : 576;
  const length = Math.floor((samples * 125 * kilobits) / sampleRate) + ((header >>> 9) & 1);
  return { length, samples, sampleRate, channels: ((header >>> 6) & 3) === 3 ? 1 : 2 };
}
