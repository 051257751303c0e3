import type { MediaType } from '../../../contracts/rules/file-kinds.ts';
import { workbook, zip } from '../media/archives.ts';
import type { ZipMember } from '../media/archives.ts';
import { pdf } from '../media/pdfs.ts';
import { bmp, gif, png, tiff } from '../media/pictures.ts';
import { sample } from '../media/samples.ts';
import { wav } from '../media/sounds.ts';
import { XLSX } from './hostile-file.ts';

/** An archive that is accepted, with more members. */
export const archive = (more: readonly ZipMember[] = []): Buffer =>
  zip([
    { name: 'labels.csv', data: Buffer.from('picture,label\na.png,cat\n') },
    { name: 'a.png', data: png() },
    ...more,
  ]);

/** A good file of each format, from which bad ones are made. */
export const GOOD: readonly (readonly [
  name: string,
  type: MediaType,
  ending: string,
  bytes: () => Buffer,
])[] = [
  ['png', 'image/png', 'png', () => png()],
  ['jpeg', 'image/jpeg', 'jpg', () => sample('jpeg')],
  ['webp', 'image/webp', 'webp', () => sample('webp')],
  ['lossless webp', 'image/webp', 'webp', () => sample('losslessWebp')],
  ['gif', 'image/gif', 'gif', () => gif()],
  ['tiff', 'image/tiff', 'tif', () => tiff()],
  ['bmp', 'image/bmp', 'bmp', () => bmp()],
  ['pdf', 'application/pdf', 'pdf', () => pdf()],
  ['wav', 'audio/wav', 'wav', () => wav()],
  ['flac', 'audio/flac', 'flac', () => sample('flac')],
  ['ogg', 'audio/ogg', 'ogg', () => sample('ogg')],
  ['opus', 'audio/ogg', 'opus', () => sample('opus')],
  ['mp3', 'audio/mpeg', 'mp3', () => sample('mp3')],
  ['m4a', 'audio/mp4', 'm4a', () => sample('m4a')],
  ['xlsx', XLSX, 'xlsx', () => workbook()],
  ['zip', 'application/zip', 'zip', () => archive()],
];
