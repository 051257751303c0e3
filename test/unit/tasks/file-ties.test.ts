import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CreateTaskBody } from '../../../contracts/api/task-bodies.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import { keys } from '../../../contracts/naming.ts';
import { deleteFile } from '../../../lambdas/files/delete-file.ts';
import { getFile } from '../../../lambdas/files/read-files.ts';
import { MINUTE } from '../../../lambdas/shared/clock.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { memoryBucket } from '../support/memory-bucket.ts';
import { memoryParts } from '../support/memory-parts.ts';
import { buyer, csvFile, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { code, columns, fillIn, table } from '../support/task-flow.ts';

const [me, victim] = [buyer(), buyer()];
let market: Marketplace;
beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, 100_000_000);
});

const ties = () => [...market.table.items.values()].filter((item) => item['entity'] === 'file_use');
const bodyOf = (files: string[], items: string[], examples: string[]) => ({
  description: 'Which?',
  complexity: 10,
  labels: ['a', 'b'],
  files,
  items: items.map((id) => ({ files: { picture: id } })),
  examples: examples.map((id) => ({ files: { picture: id }, expected: 'a' })),
});
const ids = (n: number) => Array.from({ length: n }, () => newId());
const transfer = {
  downloadFrom: async () => 'https://example.com/x',
  uploadTo: () => Promise.reject(new Error()),
};
const view = (file: string, owner = me) => getFile({ ...market, transfer }, owner, 'own', { id: file });

describe('files of a request', () => {
  it.each([
    ['attached', bodyOf(ids(501), [], [])],
    ['of items', bodyOf([], ids(501), [])],
    ['of examples', bodyOf([], [], ids(501))],
    ['over all places', bodyOf(ids(200), ids(200), ids(101))],
    ['3,000', bodyOf([], ids(2500), ids(500))],
    ['of one item', { ...bodyOf([], [], []), items: [{ files: Object.fromEntries(ids(501).map((id, i) => [`f${i}`, id])) }] }],
  ])('are bounded together: %s', (_name, body) => {
    const parsed = CreateTaskBody.safeParse(body);
    expect(parsed.success).toBe(false);
    expect(parsed.error!.issues.length).toBeLessThan(5); // one for the whole, not one for each file
    for (const { path } of parsed.error!.issues) expect(String(path[0])).toMatch(/files|items|examples/);
  }); // prettier-ignore

  it('may reach the limit, and one file may be named repeatedly', () => {
    const some = ids(LIMITS.filesOfTask.value);
    expect(CreateTaskBody.safeParse(bodyOf(some, some, some)).success).toBe(true);
  });
});

describe('a file of another user', () => {
  it.each([
    ['attached', (id: string) => taskBody({ files: [id] }), 'files.0'],
    ['of an item', (id: string) => taskBody({ items: [{ files: { a: id } }] }), 'items.0.files.a'],
    [
      'of an example',
      (id: string) => taskBody({ examples: [{ files: { b: id }, expected: 'ham' }] }),
      'examples.0.files.b',
    ],
  ])('%s is rejected with its path, before anything is written', async (_name, body, path) => {
    const theirs = await csvFile(market, victim, table, columns);
    const write = vi.spyOn(market.table, 'write');
    const before = market.table.items.size;
    await expect(createTask(market, me, body(theirs), newId())).rejects.toMatchObject({
      code: 'file_not_usable',
      errors: [{ path, message: `no file ${theirs} of yours` }],
    });
    expect(write).not.toHaveBeenCalledWith(expect.objectContaining({ put: expect.anything() as object }));
    expect(market.table.items.size).toBe(before);
    expect(market.work.objects.size).toBe(0);
  });

  it('with a use from before ownership was checked first: its owner sees none and can delete the file', async () => {
    const theirs = await csvFile(market, victim, table, columns);
    const mine = await createTask(market, me, taskBody(), newId());
    const old = { task_id: mine.id, created_at: mine.created_at, entity: 'file_use' };
    await market.table.write({ put: { ...keys.fileUse(theirs, mine.id), ...old } });
    expect(await view(theirs, victim)).toMatchObject({ used_by_tasks: [] });
    const bucket = memoryBucket();
    const parts = memoryParts(bucket.objects);
    await deleteFile({ files: market.files, bucket, parts, clock: market.clock }, victim.userId, theirs);
    expect(await market.files.get(theirs)).toBeUndefined();
  });
});

describe('file uses', () => {
  it.each([
    ['too little money', () => buyer(), {}, 'insufficient_funds'],
    ['no agent', () => me, { max_price_satoshis: 1 }, 'no_agent_available'],
    ['too many items', () => me, { complexity: 1 }, 'complexity_too_low'],
  ] as const)('are not left behind by a rejected request: %s', async (_name, who, overrides, refused) => {
    const owner = who();
    const file = await csvFile(market, owner, table, columns);
    await expect(createTask(market, owner, fillIn(file, overrides), newId())).rejects.toEqual(code(refused));
    expect(ties()).toEqual([]);
  });

  it('have an owner, last a day until the task is planned, and then as long as the task', async () => {
    const file = await csvFile(market, me, table, columns);
    const { id } = await createTask(market, me, fillIn(file), newId());
    const dayLater = Math.floor(market.clock().getTime() / 1000) + 24 * 3600;
    expect(ties()).toMatchObject([{ task_id: id, buyer_id: me.userId, ttl: dayLater }]);
    expect(await view(file)).toMatchObject({ used_by_tasks: [id] });
    await planTask(market, id);
    expect(ties()).toHaveLength(1);
    expect(ties()[0]).not.toHaveProperty('ttl');
    market.passTime(60 * MINUTE);
    expect(await view(file)).toMatchObject({ used_by_tasks: [id] });
  });

  it('of a crashed request are hidden soon, and expire', async () => {
    const file = await csvFile(market, me, table, columns);
    vi.spyOn(market.tasks, 'create').mockRejectedValueOnce(new Error('crash'));
    await expect(createTask(market, me, fillIn(file), newId())).rejects.toThrow('crash');
    expect(ties()).toMatchObject([{ ttl: expect.any(Number) as number }]);
    market.passTime(16 * MINUTE);
    expect(await view(file)).toMatchObject({ used_by_tasks: [] });
  });
});
