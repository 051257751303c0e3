import { beforeEach, describe, expect, test } from 'vitest';
import { DukeError } from '../../../contracts/errors.ts';
import { loginGuard } from '../../../lambdas/identity/login-guard.ts';
import { memoryTable } from '../support/memory-table.ts';

const HOME = '192.0.2.1';
const ATTACKER = '198.51.100.9';

let now: number;
let table: ReturnType<typeof memoryTable>;
let writes: number;
let guard: ReturnType<typeof loginGuard>;
beforeEach(() => {
  now = Date.parse('2026-03-01T12:00:00.000Z');
  table = memoryTable();
  writes = 0;
  const counted = { ...table, write: async (step: never) => (writes++, table.write(step)) };
  guard = loginGuard(counted, () => new Date(now));
});

const right = async () => 'session';
const wrong = async () => Promise.reject(new DukeError('bad_credentials', 'No.'));
const succeed = (email: string, address = HOME) => guard.guard(email, address, right);
/** The error of a failed login: its code, and how long to wait. */
const fail = async (email: string, address = ATTACKER) => {
  const error = (await guard.guard(email, address, wrong).catch((e: unknown) => e)) as DukeError;
  return error.code === 'throttled' ? error.retryAfter : error.code;
};

describe('failed logins to one account from one address', () => {
  test('cause longer waits each time, up to 15 minutes', async () => {
    const waits: unknown[] = [];
    for (let i = 0; i < 10; i++) {
      expect(await fail('ann@example.com')).toBe('bad_credentials');
      const wait = await fail('ann@example.com');
      if (wait === 'bad_credentials') continue;
      waits.push(wait);
      now += Number(wait) * 1000;
    }
    expect(waits.slice(0, 6)).toEqual([1, 4, 16, 64, 256, 900]);
  });

  test('do not lock the owner out at another address', async () => {
    for (let i = 0; i < 3; i++) await fail('ann@example.com');
    expect(await fail('ANN@example.com')).toBe(1);
    expect(await succeed('ann@example.com')).toBe('session');
  });

  test('are forgotten after a success', async () => {
    for (let i = 0; i < 3; i++) await fail('ann@example.com', HOME);
    await expect(succeed('ann@example.com')).rejects.toMatchObject({ code: 'throttled', retryAfter: 1 });
    now += 1000;
    await succeed('ann@example.com');
    for (let i = 0; i < 3; i++) expect(await fail('ann@example.com', HOME)).toBe('bad_credentials');
  });

  test('are forgotten after a day', async () => {
    for (let i = 0; i < 3; i++) await fail('ann@example.com');
    now += 25 * 3_600_000;
    for (let i = 0; i < 3; i++) expect(await fail('ann@example.com')).toBe('bad_credentials');
  });
});

test('an address with failures for many accounts waits, except for accounts that have logged in from it', async () => {
  await succeed('neighbour@example.com', ATTACKER);
  for (let i = 0; i < 30; i++) expect(await fail(`user-${i}@example.com`)).toBe('bad_credentials');
  expect(await fail('another@example.com')).toBe(1);
  await expect(succeed('new@example.com', ATTACKER)).rejects.toMatchObject({ code: 'throttled' });
  expect(await succeed('neighbour@example.com', ATTACKER)).toBe('session');
  expect(await succeed('new@example.com', HOME)).toBe('session');
});

test('a successful login writes nothing, and no record names an account or an address', async () => {
  await succeed('ann@example.com');
  expect(writes).toBe(1);
  now += 3_600_000;
  await succeed('ann@example.com');
  expect(writes).toBe(1);
  await fail('bob@example.com');
  expect(JSON.stringify([...table.items])).not.toMatch(/example|192\.0|198\.51/);
});

test('other errors are not counted', async () => {
  const down = async () => Promise.reject(new DukeError('unavailable', 'Later.'));
  for (let i = 0; i < 50; i++) await guard.guard('ann@example.com', HOME, down).catch(() => undefined);
  expect(await fail('ann@example.com', HOME)).toBe('bad_credentials');
  expect(writes).toBe(2);
});
