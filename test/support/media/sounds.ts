import { riff, riffChunk } from './pictures.ts';

/** A WAV of 16 bits on one channel. */
export function wav({
  samples = Buffer.alloc(16_000, 0x11),
  rate = 16_000,
  channels = 1,
  chunks = [],
}: {
  readonly samples?: Buffer;
  readonly rate?: number;
  readonly channels?: number;
  readonly chunks?: readonly Buffer[];
} = {}): Buffer {
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt32LE(rate * channels * 2, 8);
  format.writeUInt16LE(channels * 2, 12);
  format.writeUInt16LE(16, 14);
  return riff('WAVE', [riffChunk('fmt ', format), ...chunks, riffChunk('data', samples)]);
}

/** ID3v2.3 with one frame, such as a cover picture. */
export function id3(frame: string, content: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header.write('ID3\u0003', 0, 'latin1');
  const size = 10 + content.length;
  for (let i = 0; i < 4; i++) header[6 + i] = (size >> (7 * (3 - i))) & 0x7f;
  header.write(frame, 10, 'latin1');
  header.writeUInt32BE(content.length, 14);
  return Buffer.concat([header, content]);
}

/** A frame of MPEG-1 layer III: 128 kbit/s, 44,100 Hz. */
export const MP3_FRAME = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0xc0]), Buffer.alloc(413)]);
export const mp3 = (frames = 10): Buffer => Buffer.concat(Array.from({ length: frames }, () => MP3_FRAME));

/** A box of an MPEG-4 file. */
export function box(type: string, data: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + data.length, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, data]);
}
