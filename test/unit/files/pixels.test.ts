import { decode } from 'bmp-ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import Vips from 'wasm-vips';
import { readHash } from '../../../contracts/rules/file-kinds.ts';
import type { MediaType } from '../../../contracts/rules/file-kinds.ts';
import { bmp, gif, gifExtension, GIF_FRAME, png, pngChunk } from '../../support/media/pictures.ts';
import { sample } from '../../support/media/samples.ts';
import { inspectBytes } from '../support/inspected-bytes.ts';

let vips: Awaited<ReturnType<typeof Vips>>;
beforeAll(async () => {
  vips = await Vips({ dynamicLibraries: [] });
});
afterAll(() => vips.shutdown());

/** The decoded picture, without turning it as its metadata says. */
function pixelsOf(type: MediaType, bytes: Buffer) {
  if (type === 'image/bmp') {
    const { data, width, height } = decode(bytes, { toRGBA: true });
    return { width, height, pixels: Buffer.from(data) };
  }
  const image = vips.Image.newFromBuffer(bytes, '', { fail_on: 'warning' });
  return { width: image.width, height: image.height, pixels: Buffer.from(image.writeToMemory()) };
}

const PNG_TEXT = pngChunk('tEXt', Buffer.from('Comment\0made at home'));

describe('removing metadata changes no pixel', () => {
  test.each<[MediaType, string, Buffer]>([
    ['image/png', 'EXIF', sample('png')],
    ['image/png', 'a text', png({ before: [PNG_TEXT] })],
    ['image/jpeg', 'EXIF and a comment', sample('jpeg')],
    ['image/webp', 'EXIF and XMP', sample('webp')],
    ['image/gif', 'a comment', gif({ blocks: [gifExtension(0xfe, Buffer.from('made at home')), GIF_FRAME] })],
    ['image/tiff', 'EXIF', sample('tiff')],
    ['image/tiff', 'XMP, compressed pixels', sample('lzwTiff')],
  ])('%s with %s', async (type, _what, bytes) => {
    const { file, stored } = await inspectBytes(type, bytes);
    if (file.status !== 'ready' || file.metadata.file_type !== 'image') throw new Error(JSON.stringify(file));
    expect(file.metadata.removed).not.toEqual([]);
    const copy = stored(readHash(file.metadata));
    if (!copy) throw new Error('the copy is not stored');
    expect(copy.equals(bytes)).toBe(false);
    expect(pixelsOf(type, copy)).toEqual(pixelsOf(type, bytes));
  });

  test('of image/bmp, which has no metadata', async () => {
    const { file, stored } = await inspectBytes('image/bmp', bmp());
    if (file.status !== 'ready' || file.metadata.file_type !== 'image') throw new Error(JSON.stringify(file));
    expect(pixelsOf('image/bmp', stored(readHash(file.metadata))!)).toEqual(pixelsOf('image/bmp', bmp()));
  });
});
