import { Unreadable } from '../../shared/tables/unreadable.ts';
import { broken, SoundTags, truncated } from './sound.ts';
import type { Sound } from './sound.ts';

const PAGE_HEADER = 27;
const FIRST_PAGE = 2;
const LAST_PAGE = 4;
const OPUS_RATE = 48_000;
const NO_POSITION = 0xffffffffffffffffn;
/** Pages of comments before the first samples. */
const COMMENTS = Buffer.from('vorbis');
const OPUS_COMMENTS = Buffer.from('OpusTags');

interface Page {
  readonly flags: number;
  /** Samples up to the end of the page. */
  readonly position: bigint;
  readonly data: Buffer;
  readonly end: number;
}

/** Walks over the pages of an OGG (RFC 3533) with one stream of Vorbis or Opus. @throws Unreadable */
export function readOgg(bytes: Buffer): Sound {
  const tags = new SoundTags();
  let sound: Omit<Sound, 'seconds'> | undefined;
  let skipped = 0;
  let position = 0n;
  let flags = 0;
  let inComments = false;
  for (let at = 0; at < bytes.length;) {
    const page = pageAt(bytes, at);
    if (page.flags & FIRST_PAGE) {
      if (sound) throw new Unreadable('The file holds more than one stream, such as a video.');
      sound = streamOf(page.data);
      skipped = page.data.toString('latin1', 0, 8) === 'OpusHead' ? page.data.readUInt16LE(10) : 0;
    } else if (position === 0n && (inComments || isComment(page.data))) {
      inComments = page.position === 0n || page.position === NO_POSITION;
      if (inComments) tags.add(page.data);
    }
    if (page.position !== NO_POSITION) position = page.position;
    flags = page.flags;
    at = page.end;
  }
  if (!sound) throw broken('it has no stream');
  if ((flags & LAST_PAGE) === 0) throw truncated();
  const rate = skipped > 0 ? OPUS_RATE : sound.sampleRate;
  return { ...sound, seconds: Math.max(0, Number(position) - skipped) / rate };
}

function pageAt(bytes: Buffer, at: number): Page {
  if (bytes.toString('latin1', at, at + 4) !== 'OggS')
    throw at === 0 ? broken('it has no pages') : new Unreadable('Bytes that are no page follow the sound.');
  const segments = bytes[at + PAGE_HEADER - 1];
  if (segments === undefined || at + PAGE_HEADER + segments > bytes.length) throw truncated();
  const start = at + PAGE_HEADER + segments;
  const size = bytes.subarray(at + PAGE_HEADER, start).reduce((sum, length) => sum + length, 0);
  if (start + size > bytes.length) throw truncated();
  return {
    flags: bytes[at + 5]!,
    position: bytes.readBigUInt64LE(at + 6),
    data: bytes.subarray(start, start + size),
    end: start + size,
  };
}

const isComment = (data: Buffer): boolean =>
  (data[0] === 3 && data.subarray(1, 7).equals(COMMENTS)) || data.subarray(0, 8).equals(OPUS_COMMENTS);

function streamOf(data: Buffer): Omit<Sound, 'seconds'> {
  if (data.toString('latin1', 0, 7) === '\u0001vorbis' && data.length >= 30)
    return { channels: data[11]!, sampleRate: data.readUInt32LE(12) };
  if (data.toString('latin1', 0, 8) === 'OpusHead' && data.length >= 19)
    return { channels: data[9]!, sampleRate: OPUS_RATE };
  throw new Unreadable('The stream of the file is neither Vorbis nor Opus.');
}
