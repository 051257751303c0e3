import { Unreadable } from '../../shared/tables/unreadable.ts';
import { assertNothingAfter, assertNothingHidden } from '../hidden.ts';
import { exifFacts, orientationOnly } from './exif.ts';
import { RemovedMetadata } from './picture.ts';
import type { Picture } from './picture.ts';

const START = 0xd8;
const END = 0xd9;
const SCAN = 0xda;
const COMMENT = 0xfe;
const EXIF = 'Exif\u0000\u0000';
const XMP = 'http://ns.adobe.com/';
/** A progressive picture has about ten scans. Each is a pass over all pixels, so many are an attack. */
const MAX_SCANS = 100;
/** Pictures that cameras append: previews of other sizes (CIPA DC-007). */
const MAX_APPENDED = 8;

interface Segment {
  readonly marker: number;
  /** With marker and length. */
  readonly whole: Buffer;
  readonly body: Buffer;
}

interface Facts {
  width: number;
  height: number;
  orientation: number;
  scans: number;
}

/** Walks over the segments of a JPEG. @throws Unreadable */
export function readJpeg(bytes: Buffer): Picture {
  const removed = new RemovedMetadata();
  const facts: Facts = { width: 0, height: 0, orientation: 1, scans: 0 };
  const clean: Buffer[] = [];
  let end = walk(bytes, (segment) => {
    if (keeps(segment, facts, removed)) clean.push(segment.whole);
  });
  if (facts.width === 0 || facts.height === 0 || facts.scans === 0)
    throw new Unreadable('Broken picture: it has no size, or no pixels.');
  if (facts.orientation !== 1) clean.splice(1, 0, exifSegment(facts.orientation));
  for (let appended = 0; isPicture(bytes, end) && appended < MAX_APPENDED; appended++) {
    const size = walk(bytes.subarray(end), ({ marker, body }) => {
      if (marker !== SCAN) assertNothingHidden(body);
    });
    removed.add('thumbnail', bytes.subarray(end, end));
    end += size;
  }
  assertNothingAfter(bytes, end, 'picture');
  return { width: facts.width, height: facts.height, frames: 1, removed: removed.found(), clean };
}

const isPicture = (bytes: Buffer, at: number): boolean =>
  bytes[at] === 0xff && bytes[at + 1] === START && bytes[at + 2] === 0xff;

/** Visits every segment, and the data of each scan with its header. Returns where the picture ends. */
function walk(bytes: Buffer, visit: (segment: Segment) => void): number {
  visit({ marker: START, whole: bytes.subarray(0, 2), body: bytes.subarray(2, 2) });
  for (let at = 2; ;) {
    if (bytes[at] !== 0xff) throw truncatedOr('a segment has no marker', at, bytes);
    while (bytes[at + 1] === 0xff) at += 1;
    const marker = bytes[at + 1];
    if (marker === undefined) throw truncatedOr('', bytes.length, bytes);
    if (marker === END) {
      visit({ marker, whole: bytes.subarray(at, at + 2), body: bytes.subarray(at, at) });
      return at + 2;
    }
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= START))
      throw truncatedOr('a marker is out of place', at, bytes);
    if (at + 4 > bytes.length) throw truncatedOr('', bytes.length, bytes);
    const headerEnd = at + 2 + bytes.readUInt16BE(at + 2);
    if (headerEnd < at + 4) throw truncatedOr('a segment has no length', at, bytes);
    const segmentEnd = marker === SCAN ? endOfScan(bytes, headerEnd) : headerEnd;
    if (segmentEnd > bytes.length) throw truncatedOr('', bytes.length, bytes);
    visit({ marker, whole: bytes.subarray(at, segmentEnd), body: bytes.subarray(at + 4, headerEnd) });
    at = segmentEnd;
  }
}

/** In the data of a scan, 0xFF is followed by zero or by the marker of a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) break;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  throw truncatedOr('', bytes.length, bytes);
}

function keeps({ marker, body, whole }: Segment, facts: Facts, removed: RemovedMetadata): boolean {
  if (marker === SCAN && ++facts.scans > MAX_SCANS)
    throw new Unreadable(`The picture has more than ${MAX_SCANS} scans.`);
  if (isFrame(marker)) readFrame(body, facts);
  if (marker === COMMENT) removed.add('comment', whole);
  else if (marker >= 0xe0 && marker <= 0xef) return keepsApplication(marker, body, facts, removed);
  return marker !== COMMENT;
}

/** SOF0 to SOF15; the others in this range are tables. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

function readFrame(body: Buffer, facts: Facts): void {
  if (body.length < 6 || facts.width > 0) throw new Unreadable('Broken picture: it has no size, or two.');
  facts.height = body.readUInt16BE(1);
  facts.width = body.readUInt16BE(3);
}

/** Keeps JFIF, colour profiles, and Adobe's note on the colour transform. */
function keepsApplication(marker: number, body: Buffer, facts: Facts, removed: RemovedMetadata): boolean {
  const begins = (name: string) => body.toString('latin1', 0, name.length) === name;
  if (marker === 0xe0 && begins('JFIF\u0000') && body.length === 14) return true;
  if (marker === 0xe2 && begins('ICC_PROFILE\u0000')) return true;
  if (marker === 0xee && begins('Adobe')) return true;
  if (marker === 0xe1 && begins(EXIF)) {
    const { orientation, hasLocation } = exifFacts(body.subarray(EXIF.length));
    facts.orientation = orientation;
    removed.add('exif', body);
    if (hasLocation) removed.add('location', body);
  } else if (marker === 0xe1 && begins(XMP)) removed.add('xmp', body);
  else if (marker === 0xed) removed.add('iptc', body);
  else removed.add(marker === 0xe0 ? 'thumbnail' : 'other', body);
  return false;
}

function exifSegment(orientation: number): Buffer {
  const body = Buffer.concat([Buffer.from(EXIF, 'latin1'), orientationOnly(orientation)]);
  const header = Buffer.from([0xff, 0xe1, 0, 0]);
  header.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([header, body]);
}

const truncatedOr = (fault: string, at: number, bytes: Buffer): Unreadable =>
  new Unreadable(at >= bytes.length ? 'The picture is truncated.' : `Broken picture: ${fault}.`);
