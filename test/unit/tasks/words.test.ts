import { beforeEach, describe, expect, it } from 'vitest';
import type { Column } from '../../../contracts/entities/column.ts';
import type { ReadyFile } from '../../../contracts/entities/file.ts';
import type { Caller } from '../../../lambdas/shared/http/caller.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { areWithoutWords } from '../../../lambdas/tasks/words.ts';
import { buyer, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { code } from '../support/task-flow.ts';

const at = '2026-03-01T12:00:00.000Z';
const file = (metadata: object): ReadyFile =>
  ({
    id: newId(), owner_id: newId(), filename: 'f', content_type: 'x/y', size_bytes: 1, created_at: at, updated_at: at,
    status: 'ready', metadata,
  }) as ReadyFile; // prettier-ignore
const picture = file({ file_type: 'image' });
const sound = file({ file_type: 'audio' });
const document = file({ file_type: 'pdf' });
const table = (...types: Column['type'][]) =>
  file({
    file_type: 'csv',
    columns: [
      { name: 'y', type: 'text', filled: 0 },
      ...types.map((type, i) => ({ name: `c${i}`, type, filled: 9 })),
    ],
  });
const bare = taskBody({ items: [], target: 'y' });
const inline = (fields: Record<string, string | number>) => taskBody({ items: [{ fields }], target: 'y' });

describe('items without words', () => {
  it.each([
    ['a picture', bare, [picture]],
    ['a sound', bare, [sound]],
    ['a table that names pictures', bare, [table('text', 'number'), picture]],
    ['pictures with numbers', inline({ price: '12.50', size: 3, y: 'unanswered' }), [picture]],
    ['a table of numbers', bare, [table('number', 'integer', 'date', 'boolean')]],
    ['inline numbers', inline({ age: 71, price: '1.234,50 €', day: '2026-03-01', y: 'unanswered' }), []],
  ])('are %s', (_name, body, files) => {
    expect(areWithoutWords(body, files)).toBe(true);
  });

  it.each([
    ['a picture with a caption', inline({ note: 'late again' }), [picture]],
    ['a document', bare, [document]],
    ['a document beside pictures', bare, [picture, document]],
    ['a column of text beside the names of pictures', bare, [table('text', 'text'), picture]],
    ['a table with one column of text', bare, [table('number', 'text')]],
    ['an emoji', inline({ note: '😡' }), []],
    ['Chinese', inline({ note: '很好' }), []],
    ['a number with its unit', inline({ price: '12 kg' }), []],
  ])('are not %s', (_name, body, files) => {
    expect(areWithoutWords(body, files)).toBe(false);
  });
});

it('a task of numbers alone requires examples, and says so before money is held', async () => {
  const me = buyer();
  const market = await marketplace();
  await fund(market, me, 1_000_000);
  const body = taskBody({ items: [{ fields: { x: 1.5, z: 2 } }], labels: ['low', 'high'] });
  await expect(createTask(market, me, body, newId())).rejects.toMatchObject({
    code: 'validation_failed',
    message: expect.stringContaining('learned from examples') as string,
  });
  expect(await market.wallets.get(me.userId)).toMatchObject({ held_satoshis: 0 });
  const examples = [{ fields: { x: 1, z: 2 }, expected: 'low' }];
  expect(await createTask(market, me, { ...body, examples }, newId())).toMatchObject({ example_count: 1 });
});

describe('a task of pictures', () => {
  const me = buyer();
  let market: Marketplace;
  let files: string[];

  beforeEach(async () => {
    market = await marketplace();
    await fund(market, me, 1_000_000);
    files = [await pictureFile(market, me)];
  });

  const labels = ['cat', 'dog'];

  it('requires examples before money is held', async () => {
    const post = createTask(market, me, taskBody({ items: [], files, labels }), newId());
    await expect(post).rejects.toEqual(code('validation_failed'));
    expect(await market.wallets.get(me.userId)).toMatchObject({ held_satoshis: 0 });
  });

  it('is posted with examples', async () => {
    const examples = [{ files: { document: files[0]! }, expected: 'cat' }];
    const body = taskBody({ items: [], files, labels, examples });
    expect(await createTask(market, me, body, newId())).toMatchObject({ status: 'created' });
  });

  it('may be assigned to an agent without examples', async () => {
    const named = taskBody({ items: [], files, labels, preferred_agent: 'nobody here' });
    await expect(createTask(market, me, named, newId())).rejects.toEqual(code('no_agent_available'));
  });
});

async function pictureFile(market: Marketplace, owner: Caller): Promise<string> {
  const id = newId();
  const base = { id, owner_id: owner.userId, filename: 'a.png', content_type: 'image/png', size_bytes: 9 };
  const stored = { ...base, file_type: 'image' as const, created_at: at, updated_at: at };
  const sha256 = '0'.repeat(64);
  const copy = { sha256, size_bytes: 9 };
  await market.files.create({ ...stored, status: 'pending' });
  await market.files.inspected({
    ...stored,
    status: 'ready',
    metadata: {
      file_type: 'image',
      sha256,
      format: 'png',
      width: 9,
      height: 9,
      frames: 1,
      removed: [],
      copy,
    },
  });
  return id;
}
