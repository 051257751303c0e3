import type { Loudness } from './loudness.ts';

const PCM = 1;
const FLOAT = 3;
/** The real format stands in the extension of the header. */
const EXTENSIBLE = 0xfffe;
/** Samples that are handed on at a time. */
const BLOCK = 16_384;

interface WavFormat {
  readonly read: (at: number) => number;
  readonly sampleBytes: number;
  readonly channels: number;
}

/** Adds the samples of a WAV that the inspection has accepted. @returns false for a compressed WAV */
export function addWavSamples(bytes: Buffer, loudness: Loudness): boolean {
  let format: WavFormat | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = bytes.readUInt32LE(at + 4);
    const type = bytes.toString('latin1', at, at + 4);
    if (type === 'fmt ') format = formatOf(bytes, at + 8, size);
    if (type === 'data') {
      if (!format) return false;
      addSamples(format, at + 8, Math.min(at + 8 + size, bytes.length), loudness);
    }
    at += 8 + size + (size % 2);
  }
  return format !== undefined;
}

function formatOf(bytes: Buffer, at: number, size: number): WavFormat | undefined {
  const tag = bytes.readUInt16LE(at);
  const kind = tag === EXTENSIBLE && size >= 26 ? bytes.readUInt16LE(at + 24) : tag;
  const channels = bytes.readUInt16LE(at + 2);
  const bits = bytes.readUInt16LE(at + 14);
  const read = readerOf(bytes, kind, bits);
  return read && channels > 0 ? { read, sampleBytes: bits / 8, channels } : undefined;
}

/** Reads one sample as a number from −1 to 1. */
function readerOf(bytes: Buffer, kind: number, bits: number): ((at: number) => number) | undefined {
  switch (`${kind}/${bits}`) {
    case `${PCM}/8`:
      return (at) => (bytes.readUInt8(at) - 128) / 128;
    case `${PCM}/16`:
      return (at) => bytes.readInt16LE(at) / 2 ** 15;
    case `${PCM}/24`:
      return (at) => bytes.readIntLE(at, 3) / 2 ** 23;
    case `${PCM}/32`:
      return (at) => bytes.readInt32LE(at) / 2 ** 31;
    case `${FLOAT}/32`:
      return (at) => bytes.readFloatLE(at);
    case `${FLOAT}/64`:
      return (at) => bytes.readDoubleLE(at);
    default:
      return undefined;
  }
}

function addSamples(
  { read, sampleBytes, channels }: WavFormat,
  from: number,
  to: number,
  loudness: Loudness,
): void {
  const frame = sampleBytes * channels;
  for (let at = from; at + frame <= to; at += BLOCK * frame) {
    const frames = Math.min(BLOCK, Math.floor((to - at) / frame));
    const block = Array.from({ length: channels }, (_, channel) =>
      Float32Array.from({ length: frames }, (_, i) => read(at + i * frame + channel * sampleBytes)),
    );
    loudness.add(block);
  }
}
