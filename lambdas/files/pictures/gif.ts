import { Unreadable } from '../../shared/tables/unreadable.ts';
import { assertNothingAfter } from '../hidden.ts';
import { RemovedMetadata } from './picture.ts';
import type { Picture } from './picture.ts';

const IMAGE = 0x2c;
const EXTENSION = 0x21;
const TRAILER = 0x3b;
const GRAPHIC_CONTROL = 0xf9;
const COMMENT = 0xfe;
const APPLICATION = 0xff;
/** Application extensions with the number of repetitions of an animation. */
const LOOPS = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0']);

/** Bounds-checked reading of a GIF. */
class GifBytes {
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  byte(at: number): number {
    const value = this.bytes[at];
    if (value === undefined) throw new Unreadable('The picture is truncated.');
    return value;
  }
  u16(at: number): number {
    return this.byte(at) + 256 * this.byte(at + 1);
  }
  /** Bytes of the colour table that a byte of flags announces. */
  colours(flags: number): number {
    return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
  }
  /** The end of a sequence of blocks, each with its length before it, that ends with an empty one. */
  endOfBlocks(at: number): number {
    let end = at;
    for (let length = this.byte(end); length > 0; length = this.byte(end)) end += 1 + length;
    return end + 1;
  }
}

/** Walks over the blocks of a GIF. @throws Unreadable */
export function readGif(bytes: Buffer, assertFrames: (frames: number) => void): Picture {
  const gif = new GifBytes(bytes);
  const removed = new RemovedMetadata();
  const [width, height] = [gif.u16(6), gif.u16(8)];
  let at = 13 + gif.colours(gif.byte(10));
  gif.byte(at);
  const clean = [bytes.subarray(0, at)];
  let frames = 0;
  for (let block = gif.byte(at); block !== TRAILER; block = gif.byte(at)) {
    if (block !== IMAGE && block !== EXTENSION)
      throw new Unreadable('Broken picture: a block is of no known kind.');
    const end = block === IMAGE ? endOfImage(gif, at) : gif.endOfBlocks(at + 2);
    const whole = bytes.subarray(at, end);
    if (block === IMAGE) assertFrames(++frames);
    if (block === IMAGE || keepsExtension(whole, removed)) clean.push(whole);
    at = end;
  }
  if (frames === 0) throw new Unreadable('The picture has no pixels.');
  assertNothingAfter(bytes, at + 1, 'picture');
  clean.push(bytes.subarray(at, at + 1));
  return { width, height, frames, removed: removed.found(), clean };
}

function endOfImage(gif: GifBytes, at: number): number {
  if (gif.u16(at + 5) === 0 || gif.u16(at + 7) === 0)
    throw new Unreadable('Broken picture: a frame has no size.');
  const table = at + 10 + gif.colours(gif.byte(at + 9));
  const codeSize = gif.byte(table);
  if (codeSize < 1 || codeSize > 8) throw new Unreadable('Broken picture: its pixels cannot be read.');
  const end = gif.endOfBlocks(table + 1);
  if (end === table + 2) throw new Unreadable('The picture is truncated: a frame has no pixels.');
  return end;
}

function keepsExtension(whole: Buffer, removed: RemovedMetadata): boolean {
  const label = whole[1];
  if (label === GRAPHIC_CONTROL) return true;
  const application = label === APPLICATION ? whole.toString('latin1', 3, 14) : '';
  if (LOOPS.has(application) && whole.length <= 32) return true;
  removed.add(
    label === COMMENT ? 'comment' : application.startsWith('XMP') ? 'xmp' : label === 0x01 ? 'text' : 'other',
    whole,
  );
  return false;
}
