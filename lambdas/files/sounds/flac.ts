import { broken, SoundTags, truncated } from './sound.ts';
import type { Sound } from './sound.ts';

const STREAM_INFO = 0;
const STREAM_INFO_BYTES = 34;
const LAST_BLOCK = 0x80;
/** Maximum frame size in bytes if the file does not state it. */
const MAX_FRAME = 256 * 1024;

/**
 * Reads the metadata blocks of a FLAC (RFC 9639). Frames do not state their length; the file is complete if it ends with
 * the checksum of its last frame.
 * @throws Unreadable
 */
export function readFlac(bytes: Buffer): Sound {
  const tags = new SoundTags();
  let info: Buffer | undefined;
  let at = 4;
  for (let isLast = false; !isLast;) {
    if (at + 4 > bytes.length) throw truncated();
    const type = bytes[at]!;
    const end = at + 4 + bytes.readUIntBE(at + 1, 3);
    if (end > bytes.length) throw truncated();
    const block = bytes.subarray(at + 4, end);
    if (at === 4 && ((type & 0x7f) !== STREAM_INFO || block.length !== STREAM_INFO_BYTES))
      throw broken('it does not begin with its description');
    if (at === 4) info = block;
    else tags.add(block);
    isLast = (type & LAST_BLOCK) !== 0;
    at = end;
  }
  if (!info) throw truncated();
  const packed = info.readBigUInt64BE(10);
  const sampleRate = Number(packed >> 44n);
  const samples = Number(packed & 0xfffffffffn);
  if (sampleRate === 0 || samples === 0) throw broken('it does not say how long it is');
  assertWhole(bytes.subarray(at), info.readUIntBE(7, 3));
  return { seconds: samples / sampleRate, channels: Number((packed >> 41n) & 7n) + 1, sampleRate };
}

/** @param largest bytes of a frame as the file says it; 0 where it does not */
function assertWhole(frames: Buffer, largest: number): void {
  if (!isFrame(frames, 0)) throw broken('its frames cannot be read');
  const from = Math.max(0, frames.length - (largest === 0 ? MAX_FRAME : largest));
  const storedChecksum = frames.readUInt16BE(frames.length - 2);
  for (let at = frames.indexOf(0xff, from); at >= 0; at = frames.indexOf(0xff, at + 1)) {
    if (isFrame(frames, at) && checksum(frames.subarray(at, frames.length - 2)) === storedChecksum) return;
  }
  throw truncated();
}

const isFrame = (frames: Buffer, at: number): boolean =>
  frames[at] === 0xff && ((frames[at + 1] ?? 0) & 0xfe) === 0xf8 && at + 8 < frames.length;

/** CRC-16 with the polynomial 0x8005. */
const CRC = Uint16Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 8;
  for (let bit = 0; bit < 8; bit++) value = value & 0x8000 ? (value << 1) ^ 0x8005 : value << 1;
  return value;
});
function checksum(bytes: Buffer): number {
  let value = 0;
  for (const byte of bytes) value = ((value << 8) & 0xffff) ^ CRC[(value >> 8) ^ byte]!;
  return value;
}
