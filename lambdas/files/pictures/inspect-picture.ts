import type { ImageFormat, MetadataOf } from '../../../contracts/entities/file-metadata.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import { Unreadable } from '../../shared/tables/unreadable.ts';
import { assertNoArchive } from '../hidden.ts';
import { assertFormat } from '../media-format.ts';
import type { Upload } from '../upload.ts';
import { wholeUpload } from '../whole-upload.ts';
import { readBmp } from './bmp.ts';
import { readGif } from './gif.ts';
import { readJpeg } from './jpeg.ts';
import type { Picture } from './picture.ts';
import { readPng } from './png.ts';
import { readTiff } from './tiff.ts';
import { readWebp } from './webp.ts';

const grouped = (value: number): string => value.toLocaleString('en');

/** @throws Unreadable for a size that the encoders of the model would reject, or need too much memory for */
function assertSize(width: number, height: number, frames = 1): void {
  if (width === 0 || height === 0) throw new Unreadable('The picture has no pixels.');
  if (width * height > LIMITS.pixels.value)
    throw new Unreadable(
      `The picture has ${grouped(width)} × ${grouped(height)} pixels; ${grouped(LIMITS.pixels.value)} at most.`,
    );
  assertFrames(frames);
}

function assertFrames(frames: number): void {
  if (frames > LIMITS.frames.value)
    throw new Unreadable(`The picture has more than ${grouped(LIMITS.frames.value)} frames.`);
}

const READERS: { readonly [F in ImageFormat]: (bytes: Buffer) => Picture | Promise<Picture> } = {
  png: (bytes) => readPng(bytes, assertSize),
  jpeg: readJpeg,
  webp: (bytes) => readWebp(bytes, assertFrames),
  gif: (bytes) => readGif(bytes, assertFrames),
  tiff: (bytes) => readTiff(bytes, assertFrames),
  bmp: (bytes) => readBmp(bytes, assertSize),
};

export const isImageFormat = (format: string): format is ImageFormat => Object.hasOwn(READERS, format);

/** Inspects a picture and copies it without its metadata. @throws Unreadable */
export async function readPicture(bytes: Buffer, format: ImageFormat): Promise<Picture> {
  assertNoArchive(bytes);
  const picture = await READERS[format](bytes);
  assertSize(picture.width, picture.height, picture.frames);
  return picture;
}

/** @throws Unreadable */
export async function inspectPicture(upload: Upload): Promise<MetadataOf<'image'>> {
  const format = assertFormat(upload, isImageFormat);
  const { width, height, frames, removed, clean } = await readPicture(await wholeUpload(upload), format);
  const copy = await upload.keep(Buffer.concat(clean));
  return {
    file_type: 'image',
    sha256: upload.print.sha256,
    format,
    width,
    height,
    frames,
    removed: [...removed],
    copy,
  };
}
