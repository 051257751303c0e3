import { Unreadable } from '../../shared/tables/unreadable.ts';
import { broken, SoundTags, truncated } from './sound.ts';
import type { Sound } from './sound.ts';

interface Box {
  readonly type: string;
  readonly data: Buffer;
}

const HEADER = 8;
/** Boxes that hold boxes, on the way to what is read. */
const SOUND_DATA = new Set(['mdat']);

/** Walks over the boxes of an MPEG-4 file (ISO/IEC 14496-12) with one track of sound. @throws Unreadable */
export function readM4a(bytes: Buffer): Sound {
  const tags = new SoundTags();
  const boxes = boxesOf(bytes);
  for (const { type, data } of boxes) if (!SOUND_DATA.has(type)) tags.add(data);
  const movie = boxes.find(({ type }) => type === 'moov');
  if (!movie || !boxes.some(({ type }) => type === 'mdat')) throw truncated();
  const tracks = boxesOf(movie.data).filter(({ type }) => type === 'trak');
  const media = tracks.map((track) => boxesOf(inside([track], 'mdia')));
  const kinds = media.map((boxes) => inside(boxes, 'hdlr').toString('latin1', 8, 12));
  if (kinds.includes('vide')) throw new Unreadable('The file is a video, not a sound.');
  const sound = media[kinds.indexOf('soun')];
  if (!sound) throw broken('it has no track of sound');
  return soundOf(sound);
}

function soundOf(media: readonly Box[]): Sound {
  const { timescale, duration } = timesIn(inside(media, 'mdhd'));
  const table = boxesOf(inside(media, 'minf'));
  const descriptions = inside([{ type: 'stbl', data: inside(table, 'stbl') }], 'stsd');
  // Version, flags, number of entries; then the size and the name of the first, and its fields.
  const entry = descriptions.subarray(8 + HEADER);
  if (entry.length < 28 || timescale === 0 || duration === 0) throw broken('it does not say how long it is');
  return {
    seconds: duration / timescale,
    channels: entry.readUInt16BE(16),
    sampleRate: entry.readUInt16BE(24),
  };
}

/** Version 1 has 64 bits for times. */
function timesIn(header: Buffer): { timescale: number; duration: number } {
  const isLong = header[0] === 1;
  if (header.length < (isLong ? 32 : 20)) throw truncated();
  return isLong
    ? { timescale: header.readUInt32BE(20), duration: Number(header.readBigUInt64BE(24)) }
    : { timescale: header.readUInt32BE(12), duration: header.readUInt32BE(16) };
}

/** The data of the first box of a type, among boxes or within the only one. */
function inside(boxes: readonly Box[], type: string): Buffer {
  const among = boxes.find((box) => box.type === type);
  const [only] = boxes;
  const found =
    among ?? (only && boxes.length === 1 ? boxesOf(only.data).find((box) => box.type === type) : undefined);
  if (!found) throw broken(`it has no ${type}`);
  return found.data;
}

function boxesOf(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + HEADER > bytes.length) throw truncated();
    const short = bytes.readUInt32BE(at);
    const header = short === 1 ? 16 : HEADER;
    if (at + header > bytes.length) throw truncated();
    const size =
      short === 0 ? bytes.length - at : short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short;
    if (size < header || at + size > bytes.length) throw truncated();
    boxes.push({
      type: bytes.toString('latin1', at + 4, at + 8),
      data: bytes.subarray(at + header, at + size),
    });
    at += size;
  }
  return boxes;
}
