import { assertNothingAfter } from '../hidden.ts';
import { broken, SoundTags, truncated } from './sound.ts';
import type { Sound } from './sound.ts';

const FORMAT_BYTES = 16;

/** Walks over the chunks of a WAV. @throws Unreadable */
export function readWav(bytes: Buffer): Sound {
  const end = 8 + bytes.readUInt32LE(4);
  if (end > bytes.length) throw truncated();
  assertNothingAfter(bytes, end, 'sound');
  const tags = new SoundTags();
  let format: Buffer | undefined;
  let samples = 0;
  for (let at = 12; at < end;) {
    if (at + 8 > end) throw truncated();
    const size = bytes.readUInt32LE(at + 4);
    const data = bytes.subarray(at + 8, at + 8 + size);
    // The last chunk of a file may lack its byte of padding.
    if (data.length < size) throw truncated();
    const type = bytes.toString('latin1', at, at + 4);
    if (type === 'fmt ') format = data;
    else if (type === 'data') samples += size;
    else tags.add(data);
    at += 8 + size + (size % 2);
  }
  if (!format || format.length < FORMAT_BYTES || samples === 0) throw broken('it has no samples');
  const bytesPerSecond = format.readUInt32LE(8);
  return {
    seconds: samples / bytesPerSecond,
    channels: format.readUInt16LE(2),
    sampleRate: format.readUInt32LE(4),
  };
}
