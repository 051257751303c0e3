import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { taskOperations } from '../../../../contracts/api/tasks.ts';
import { keys } from '../../../../contracts/naming.ts';
import { sealedCursors } from '../../../../lambdas/shared/http/cursors.ts';
import { newId } from '../../../../lambdas/shared/ids.ts';
import { logger } from '../../../../lambdas/shared/logger.ts';
import { cursorKey } from '../../../../lambdas/shared/stores/cursor-key-store.ts';
import { POSITION, listApi, lists, otherParams } from '../../support/list-api.ts';
import { memoryTable } from '../../support/memory-table.ts';

const other = newId();
let api: ReturnType<typeof listApi>;
const send: typeof api.send = (...args) => api.send(...args);
const cursorOf: typeof api.cursorOf = (...args) => api.cursorOf(...args);

beforeEach(() => {
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
  api = listApi();
});

const raw = (text: string) => Buffer.from(text).toString('base64url');
const FORGED = [
  'Wg', 'WA', 'fg', '!', 'a', 'YQ==', 'Y Q', '////', '0', '-1', raw('-1'), raw('NaN'), raw('1e9'), raw('0'), raw(POSITION),
  raw('ENTRY#~'), raw('WALLET'), raw('\u0000'), raw('\ud800x'), 'A'.repeat(22), 'A'.repeat(1000),
]; // prettier-ignore

describe.each(lists.map((operation) => [operation.id, operation] as const))('%s', (_id, operation) => {
  test('accepts its own cursor with any limit, and continues at its position', async () => {
    const cursor = await cursorOf(operation);
    expect((await send(operation, { query: { cursor, limit: '7' } })).status).toBe(200);
    expect(api.positions).toEqual([undefined, POSITION]);
  });

  test.each(FORGED)('rejects %j', async (cursor) => {
    const { status, body } = await send(operation, { query: { cursor } });
    expect([status, body['code']]).toEqual([422, 'validation_failed']);
    expect(body['errors']).toMatchObject([{ path: 'cursor' }]);
    expect(api.positions).toEqual([]);
  });

  test('rejects a cursor of another user, list or record, and a modified one', async () => {
    const cursor = await cursorOf(operation);
    const elsewhere = lists.find((list) => list.id !== operation.id)!;
    const changed = `${cursor.slice(0, -1)}${cursor.endsWith('A') ? 'B' : 'A'}`;
    const refused = [
      await send(operation, { query: { cursor }, user: other }),
      await send(elsewhere, { query: { cursor } }),
      await send(operation, { query: { cursor: changed } }),
      await send(operation, { query: { cursor: `${cursor}=` } }),
      await send(operation, { query: { cursor: `${cursor},${cursor}` } }),
    ];
    if (operation.params) {
      refused.push(await send(operation, { query: { cursor }, params: otherParams() }));
    }
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 422));
  });

  test.each([
    '0x10',
    '1e1',
    ' 5',
    '5 ',
    '+5',
    '-5',
    '5.0',
    '0',
    '101',
    '',
    '5n',
    '\u0665',
    '1_0',
    'Infinity',
    '5,6',
  ])('rejects limit=%j', async (limit) => {
    const { status, body } = await send(operation, { query: { limit } });
    expect([status, body['errors']]).toMatchObject([422, [{ path: 'limit' }]]);
  });
});

test('a cursor is bound to its filters', async () => {
  const cursor = await cursorOf(taskOperations.listTasks, { query: { status: 'failed' } });
  const tries = [{ status: 'failed' }, { status: 'created' }, {}, { status: 'failed', kind: 'regression' }];
  const answers = await Promise.all(
    tries.map((query) =>
      send(taskOperations.listTasks, { query: { ...query, cursor } as Record<string, string> }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 422, 422, 422]);
});

describe('the cursor key', () => {
  test('is created once for concurrent first requests, and read by others', async () => {
    const table = memoryTable();
    const made = await Promise.all([1, 2, 3].map(() => cursorKey(table)()));
    const later = await cursorKey(table)();
    expect(new Set([...made, later].map((key) => key.toString('hex'))).size).toBe(1);
    expect(later).toHaveLength(32);
  });

  test('separates installations: another one rejects the cursors of this one', async () => {
    const [here, there] = [sealedCursors(cursorKey(memoryTable())), sealedCursors(cursorKey(memoryTable()))];
    const cursor = await here.seal('list', 'x');
    await expect(there.open('list', cursor)).rejects.toMatchObject({ code: 'validation_failed' });
  });

  test('is requested again after a failure', async () => {
    const table = memoryTable();
    const get = vi.spyOn(table, 'get').mockRejectedValueOnce(new Error('throttled'));
    const key = cursorKey(table);
    await expect(key()).rejects.toThrow('throttled');
    await expect(key()).resolves.toHaveLength(32);
    await key();
    expect(get.mock.calls.filter(([asked]) => asked.pk === keys.cursorKey().pk)).toHaveLength(2);
  });
});

test('sealing preserves any position, and no two lists share a cursor', async () => {
  const cursors = sealedCursors(cursorKey(memoryTable()));
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme' }),
      fc.string(),
      fc.string(),
      async (position, list, another) => {
        const cursor = await cursors.seal(list, position);
        expect(await cursors.open(list, cursor)).toBe(position);
        if (another !== list) await expect(cursors.open(another, cursor)).rejects.toThrow();
      },
    ),
  );
});
