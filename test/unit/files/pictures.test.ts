import { describe, expect, test } from 'vitest';
import type { MetadataOf } from '../../../contracts/entities/file-metadata.ts';
import type { MediaType } from '../../../contracts/rules/file-kinds.ts';
import { exifFacts } from '../../../lambdas/files/pictures/exif.ts';
import { bmp, gif, gifExtension, GIF_FRAME, png, pngChunk, tiff } from '../../support/media/pictures.ts';
import { sample } from '../../support/media/samples.ts';
import { inspectBytes } from '../support/inspected-bytes.ts';

async function picture(type: MediaType, bytes: Buffer, filename?: string) {
  const { file, stored, bucket } = await inspectBytes(type, bytes, filename);
  if (file.status !== 'ready')
    throw new Error(file.status === 'rejected' ? file.rejected_reason : file.status);
  const metadata = file.metadata as MetadataOf<'image'>;
  return { metadata, original: stored(metadata.sha256), clean: stored(metadata.copy.sha256)!, bucket };
}

describe('a picture', () => {
  test.each([
    ['png', 'image/png', sample('png'), { removed: ['exif', 'location'] }],
    ['jpeg', 'image/jpeg', sample('jpeg'), { removed: ['comment', 'exif', 'location'] }],
    ['webp', 'image/webp', sample('webp'), { removed: ['exif', 'location', 'xmp'] }],
    ['tiff', 'image/tiff', sample('tiff'), { removed: ['location', 'text'] }],
    ['tiff', 'image/tiff', sample('lzwTiff'), { removed: ['other', 'text', 'xmp'] }],
    ['webp', 'image/webp', sample('losslessWebp'), { removed: [] }],
  ] as const)(
    'of %s has its dimensions, and a copy without metadata',
    async (format, type, bytes, expected) => {
      const { metadata, original, clean } = await picture(type, bytes);
      expect(metadata).toMatchObject({ format, width: 16, height: 12, frames: 1, ...expected });
      expect(original).toEqual(bytes);
      expect(metadata.copy.size_bytes).toBe(clean.length);
      const text = clean.toString('latin1');
      for (const secret of ['a holiday', 'made at home', 'xmpmeta']) expect(text).not.toContain(secret);
      expect((await picture(type, clean)).metadata.removed).toEqual(
        bytes.includes('holiday') && format !== 'tiff' ? ['exif'] : [],
      );
    },
  );

  test.each([
    ['image/jpeg', sample('jpeg'), (clean: Buffer) => clean.subarray(clean.indexOf('Exif') + 6)],
    ['image/png', sample('png'), (clean: Buffer) => clean.subarray(clean.indexOf('eXIf') + 4)],
    ['image/webp', sample('webp'), (clean: Buffer) => clean.subarray(clean.indexOf('EXIF') + 8)],
  ] as const)('of %s keeps its EXIF orientation and drops the coordinates', async (type, bytes, tiffOf) => {
    const { clean } = await picture(type, bytes);
    expect(exifFacts(tiffOf(clean))).toEqual({ orientation: 6, hasLocation: false });
  });

  test.each([
    [
      'image/gif',
      gif({ blocks: [gifExtension(0xfe, Buffer.from('made at home')), GIF_FRAME, GIF_FRAME] }),
      2,
    ],
    ['image/bmp', bmp(), 1],
    ['image/tiff', tiff(), 1],
    ['image/png', png({ before: [pngChunk('tEXt', Buffer.from('Author\u0000made at home'))] }), 1],
  ] as const)('of %s made by hand', async (type, bytes, frames) => {
    const { metadata, clean } = await picture(type, bytes);
    expect(metadata.frames).toBe(frames);
    expect(clean.toString('latin1')).not.toContain('home');
    expect(clean.toString('latin1')).not.toContain('abcd');
    expect((await picture(type, clean)).metadata).toMatchObject({ removed: [] });
  });
});

describe('rejected', () => {
  const reason = async (type: MediaType, bytes: Buffer, filename?: string) => {
    const { file, bucket } = await inspectBytes(type, bytes, filename);
    expect([...bucket.objects.keys()].map((key) => key.split('/')[0])).toEqual(['quarantine']);
    return file.status === 'rejected' ? file.rejected_reason : file.status;
  };

  test.each([
    [
      'a picture of another format',
      'image/png',
      sample('jpeg'),
      undefined,
      'The file is jpeg, but it was announced as image/png.',
    ],
    [
      'a name of another format',
      'image/png',
      png(),
      'a.jpg',
      'The file is png, but its name ends as that of a jpeg file.',
    ],
    [
      'too many pixels',
      'image/png',
      png({ width: 60_000, height: 60_000, pixels: Buffer.from('x') }),
      undefined,
      '60,000 × 60,000 pixels',
    ],
    [
      'an SVG',
      'image/png',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'a.png',
      'The file is an SVG picture, not a picture.',
    ],
    [
      'an animation of 10,000 frames',
      'image/gif',
      gif({ blocks: Array.from({ length: 10_000 }, () => GIF_FRAME) }),
      undefined,
      'more than 1,000 frames',
    ],
    [
      'bytes after its end',
      'image/gif',
      Buffer.concat([gif(), Buffer.from('and more')]),
      undefined,
      '8 bytes follow the end',
    ],
    ['a truncated one', 'image/jpeg', sample('jpeg').subarray(0, 700), undefined, 'truncated'],
  ] as const)('%s', async (_, type, bytes, filename, expected) => {
    expect(await reason(type, bytes, filename)).toContain(expected);
  });
});
