import { createHash } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { previewOperations } from '../../../contracts/api/previews.ts';
import type { FilePreview } from '../../../contracts/api/previews.ts';
import type { MediaType } from '../../../contracts/rules/file-kinds.ts';
import { objects, previewFolder } from '../../../contracts/naming.ts';
import { previewFile } from '../../../lambdas/files/preview-file.ts';
import { drawInWorker } from '../../../lambdas/files/previews/draw-in-worker.ts';
import { Loudness } from '../../../lambdas/files/previews/loudness.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { pdf } from '../../support/media/pdfs.ts';
import { bmp, gif, png } from '../../support/media/pictures.ts';
import { sample } from '../../support/media/samples.ts';
import { wav } from '../../support/media/sounds.ts';
import { callerOf } from '../support/file-desk.ts';
import { inspectBytes } from '../support/inspected-bytes.ts';
import { memoryObjects } from '../support/memory-objects.ts';

async function stored(type: MediaType, bytes: Buffer) {
  const { file, files, bucket } = await inspectBytes(type, bytes);
  const owner = file.owner_id;
  const store = memoryObjects('files');
  for (const [key, content] of bucket.objects) store.objects.set(key, content);
  const draw = vi.fn(drawInWorker);
  const deps = { files, store, draw };
  const preview = async (page = 1, as = callerOf('buyer', owner)): Promise<FilePreview> =>
    previewOperations.previewFile.response.parse(
      await previewFile(deps, as, as.userId === owner ? 'own' : 'party', { id: file.id, page }),
    );
  return { file, owner, store, draw, preview, deps };
}

describe('a picture', () => {
  test.each<[MediaType, Buffer]>([
    ['image/png', png()],
    ['image/jpeg', sample('jpeg')],
    ['image/webp', sample('webp')],
    ['image/gif', gif()],
    ['image/tiff', sample('tiff')],
    ['image/bmp', bmp()],
  ])('of %s is drawn once, without its metadata, and stored', async (type, bytes) => {
    const { file, preview, draw, store } = await stored(type, bytes);
    const first = await preview();
    expect(first).toMatchObject({ kind: 'picture' });
    if (first.kind !== 'picture') throw new Error('no picture');
    const webp = Buffer.from(first.data_url.split(',')[1] ?? '', 'base64');
    expect(webp.subarray(8, 12).toString()).toBe('WEBP');
    for (const chunk of ['EXIF', 'XMP ', 'ICCP']) expect(webp.includes(chunk)).toBe(false);
    expect(await preview()).toEqual(first);
    expect(draw).toHaveBeenCalledTimes(1);
    expect([...store.objects.keys()].filter((key) => key.startsWith(previewFolder(file.id)))).toHaveLength(1);
  });
});

describe('a document and a sound', () => {
  test('draws the requested page, with the number of pages', async () => {
    const { preview, draw } = await stored('application/pdf', pdf({ pages: ['One', 'Two', 'Three'] }));
    expect(await preview(2)).toMatchObject({ kind: 'page', page: 2, pages: 3 });
    expect(await preview(4)).toEqual({ kind: 'none', reason: 'The document has no page 4.' });
    expect(draw).toHaveBeenCalledTimes(2);
  });

  test.each<[MediaType, Buffer]>([
    ['audio/wav', wav()],
    ['audio/flac', sample('flac')],
    ['audio/ogg', sample('ogg')],
    ['audio/ogg', sample('opus')],
    ['audio/mpeg', sample('mp3')],
  ])('draws %s as a waveform', async (type, bytes) => {
    const { preview } = await stored(type, bytes);
    const found = await preview();
    if (found.kind !== 'waveform') throw new Error(JSON.stringify(found));
    expect(Math.max(...found.peaks)).toBeGreaterThan(0.1);
  });

  test('has no waveform of AAC, and says so', async () => {
    const { preview } = await stored('audio/mp4', sample('m4a'));
    expect(await preview()).toEqual({ kind: 'none', reason: 'The server does not decode this encoding.' });
  });
});

describe('a file without a preview', () => {
  test('may be a table, of which only the beginning is read', async () => {
    const { preview, draw } = await stored('text/csv', Buffer.from('a\nx\n'));
    expect(await preview()).toEqual({ kind: 'none', reason: 'Tables and texts have no preview.' });
    expect(draw).not.toHaveBeenCalled();
  });

  test('stays usable if its pixels are broken, and is not decoded again', async () => {
    vi.spyOn(logger, 'warn').mockReturnValue(undefined);
    const { file, preview, draw, store, deps } = await stored('image/png', png());
    store.objects.set(objects.ready(file.id, readHashOf(file)), png().subarray(0, 20));
    for (let times = 0; times < 2; times++)
      expect(await preview()).toEqual({ kind: 'none', reason: 'The file cannot be drawn.' });
    expect(draw).toHaveBeenCalledTimes(1);
    expect(await deps.files.get(file.id)).toMatchObject({ status: 'ready' });
  });

  test('is given up if it takes too long', async () => {
    const drawing = { format: 'png', bytes: png({ width: 1500, height: 1500 }), page: 1 };
    await expect(drawInWorker(drawing, 1)).rejects.toThrow('took too long');
    expect(await drawInWorker({ ...drawing, bytes: png() })).toMatchObject({ kind: 'picture' });
  });

  test('is a file of another user, or bytes that the file does not have', async () => {
    const { file, owner, preview, deps } = await stored('image/png', png());
    for (const role of ['buyer', 'agent'] as const)
      await expect(preview(1, callerOf(role, newId()))).rejects.toMatchObject({ code: 'not_found' });
    const sha256 = createHash('sha256').update('other').digest('hex');
    await expect(
      previewFile(deps, callerOf('buyer', owner), 'own', { id: file.id, page: 1, sha256 }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('a waveform has the loudest sample of each span', () => {
  const loudness = new Loudness();
  const loud = (level: number): Float32Array => new Float32Array(4096).fill(level);
  for (const level of [0.1, -0.8, 0, 0.4]) loudness.add([loud(level), loud(level / 2)]);
  expect(loudness.spans(4)).toEqual([0.1, 0.8, 0, 0.4]);
  expect(new Loudness().spans(4)).toEqual([]);
});

const readHashOf = (file: Awaited<ReturnType<typeof stored>>['file']): string => {
  if (file.status !== 'ready' || file.metadata.file_type !== 'image') throw new Error('not a picture');
  return file.metadata.copy.sha256;
};
