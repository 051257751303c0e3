import { beforeEach, describe, expect, test, vi } from 'vitest';
import { keys } from '../../../../contracts/naming.ts';
import { sealedCursors } from '../../../../lambdas/shared/http/cursors.ts';
import { newId } from '../../../../lambdas/shared/ids.ts';
import { logger } from '../../../../lambdas/shared/logger.ts';
import { cursorKey } from '../../../../lambdas/shared/stores/cursor-key-store.ts';
import { POSITION, listApi, lists } from '../../support/list-api.ts';
import { memoryTable } from '../../support/memory-table.ts';

type Answer = Awaited<ReturnType<ReturnType<typeof listApi>['send']>>;

beforeEach(() => {
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
});

/** 422, with no word of where the cursor points or whose it is, and without a call of the use case. */
function expectRefused(
  api: ReturnType<typeof listApi>,
  { status, body }: Answer,
  ...secrets: string[]
): void {
  expect([status, body['code'], api.positions]).toEqual([422, 'validation_failed', []]);
  const text = JSON.stringify(body);
  for (const secret of [POSITION, ...secrets]) expect(text).not.toContain(secret);
}

/** A cursor that this server sealed, of a list in which this position exists too: every list sorts by time and id. */
describe.each(lists.map((operation) => [operation.id, operation] as const))(
  'a cursor of %s',
  (_id, operation) => {
    const others = lists.filter(({ id }) => id !== operation.id);

    test.each(others.map((list) => [list.id, list] as const))('is rejected by %s', async (_other, list) => {
      const api = listApi();
      const cursor = await api.cursorOf(operation);
      api.positions.length = 0;
      expectRefused(api, await api.send(list, { query: { cursor } }), cursor);
    });

    test('is rejected for another user', async () => {
      const api = listApi();
      const [owner, stranger] = [newId(), newId()];
      const cursor = await api.cursorOf(operation, { user: owner });
      api.positions.length = 0;
      const refused = await api.send(operation, { query: { cursor }, user: stranger });
      expectRefused(api, refused, owner, stranger);
      expect((await api.send(operation, { query: { cursor }, user: owner })).status).toBe(200);
    });

    test('is rejected once the key has changed', async () => {
      const table = memoryTable();
      const [user, before] = [newId(), listApi(table)];
      const cursor = await before.cursorOf(operation, { user });
      await table.write({ delete: keys.cursorKey() });
      const after = listApi(table);
      expectRefused(after, await after.send(operation, { query: { cursor }, user }), user);
    });
  },
);

test('the tag of one position does not fit another position of the same list', async () => {
  const cursors = sealedCursors(cursorKey(memoryTable()));
  const [one, other] = [await cursors.seal('list', 'A#1'), await cursors.seal('list', 'A#2')];
  const bytesOf = (cursor: string): Buffer => Buffer.from(cursor, 'base64url');
  const mixed = Buffer.concat([bytesOf(one).subarray(0, 16), bytesOf(other).subarray(16)]);
  await expect(cursors.open('list', mixed.toString('base64url'))).rejects.toMatchObject({
    code: 'validation_failed',
  });
});

test('characters cannot be moved between list and position', async () => {
  const cursors = sealedCursors(cursorKey(memoryTable()));
  const cursor = await cursors.seal('tasks","', 'x');
  for (const list of ['tasks', 'tasks"', 'tasks",', 'tasks","x'])
    await expect(cursors.open(list, cursor)).rejects.toMatchObject({ code: 'validation_failed' });
});
