import { describe, expect, test } from 'vitest';
import { fileOperations } from '../../../contracts/api/files.ts';
import { encodingGuessOf } from '../../../contracts/rules/file-kinds.ts';
import { objects } from '../../../contracts/naming.ts';
import { chooseEncoding } from '../../../lambdas/files/choose-encoding.ts';
import { inspectFile } from '../../../lambdas/files/inspect-file.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { fileStore } from '../../../lambdas/shared/stores/file-store.ts';
import { inspectors } from '../support/inspectors.ts';
import { memoryBucket } from '../support/memory-bucket.ts';
import { memoryTable } from '../support/memory-table.ts';

const clock = () => new Date('2026-03-01T12:00:00.000Z');
const owner = newId();

async function inspected(bytes: Buffer) {
  const deps = { files: fileStore(memoryTable()), bucket: memoryBucket(), clock, inspectors };
  const id = newId();
  const at = clock().toISOString();
  await deps.files.create({
    id,
    owner_id: owner,
    filename: 'a.csv',
    content_type: 'text/csv',
    file_type: 'csv',
    size_bytes: bytes.length,
    created_at: at,
    updated_at: at,
    status: 'pending',
  });
  deps.bucket.objects.set(objects.upload('text', id), bytes);
  await inspectFile(deps, objects.upload('text', id));
  const inspectAgain = () => inspectFile(deps, objects.upload('text', id));
  return { deps, id, inspectAgain };
}

const unsure = Buffer.from('id,name,label\n1,caf\xe9 \xc0 \xd0,a\n2,b,\n', 'latin1');

describe('an encoding that was guessed', () => {
  test('can be replaced by the owner, and the file is read again', async () => {
    const { deps, id, inspectAgain } = await inspected(unsure);
    const guessed = await deps.files.get(id);
    expect(guessed).toMatchObject({
      metadata: { encoding_guess: { alternatives: expect.any(Array) as unknown } },
    });
    await expect(deps.files.usable([{ id, path: 'files.0' }], owner)).rejects.toThrow(
      'the encoding of a.csv is a guess',
    );
    expect(await chooseEncoding(deps, owner, id, 'Windows-1251')).toMatchObject({ status: 'pending' });
    await inspectAgain();
    const chosen = await deps.files.get(id);
    if (chosen?.status !== 'ready') throw new Error('not ready');
    expect(chosen.metadata).toMatchObject({
      encoding: 'windows-1251',
      columns: [{}, { values: ['b', 'cafй А Р'] }, {}],
    });
    expect(encodingGuessOf(chosen.metadata)).toBeUndefined();
    await expect(deps.files.usable([{ id, path: 'files.0' }], owner)).resolves.toHaveLength(1);
  });

  test('a repeated request completes one that stopped half-way', async () => {
    const { deps, id, inspectAgain } = await inspected(unsure);
    const crashing = { ...deps, bucket: { ...deps.bucket, copy: () => Promise.reject(new Error('crash')) } };
    await expect(chooseEncoding(crashing, owner, id, 'windows-1252')).rejects.toThrow('crash');
    await chooseEncoding(deps, owner, id, 'windows-1252');
    expect(await inspectAgain()).toBe('ready');
  });

  test('can be chosen by the owner only, among existing labels', async () => {
    const { deps, id } = await inspected(unsure);
    await expect(chooseEncoding(deps, newId(), id, 'utf-8')).rejects.toMatchObject({ code: 'not_found' });
    await expect(chooseEncoding(deps, owner, id, 'klingon')).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });
});

describe('media types', () => {
  const body = (content_type: string) =>
    fileOperations.uploadFile.body.safeParse({ filename: 'a', content_type, size_bytes: 30 });
  test.each([
    ['text/csv; charset=utf-8', 'text/csv'],
    ['TEXT/CSV', 'text/csv'],
    ['application/vnd.ms-excel', 'application/vnd.ms-excel'],
    ['application/x-ndjson', 'application/x-ndjson'],
    ['application/jsonl', 'application/jsonl'],
    ['text/tab-separated-values', 'text/tab-separated-values'],
  ])('%s is accepted', (given, expected) => {
    expect(body(given).data?.content_type).toBe(expected);
  });
  test('an SVG picture is rejected', () => {
    expect(body('image/svg+xml').success).toBe(false);
  });
});
