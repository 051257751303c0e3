import { describe, expect, test } from 'vitest';
import type { Accounts } from '../../../lambdas/identity/accounts.ts';
import { register } from '../../../lambdas/identity/register.ts';
import { MINUTE } from '../../../lambdas/shared/clock.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { userStore } from '../../../lambdas/shared/stores/user-store.ts';
import type { UserStore } from '../../../lambdas/shared/stores/user-store.ts';
import { memoryAccounts } from '../support/memory-accounts.ts';
import { memoryTable } from '../support/memory-table.ts';

const PASSWORD = 'Long-enough-1';
const body = (overrides: Partial<Parameters<typeof register>[1]> = {}): Parameters<typeof register>[1] => ({
  email: 'ann@example.com',
  password: PASSWORD,
  user_type: 'buyer',
  ...overrides,
});
const agent = (email: string, agent_name: string) => body({ email, user_type: 'agent', agent_name });

function stage({ autoConfirm = false } = {}) {
  let now = new Date('2026-03-01T23:59:59.900Z');
  const clock = () => now;
  const accounts = memoryAccounts(clock);
  const users = userStore(memoryTable());
  return {
    accounts,
    users,
    clock,
    autoConfirm,
    passTime: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
  };
}

class Crash extends Error {}

/** Lets the first `calls` calls of both ports through and dies at the next, before or after it took effect. */
function crashing<T extends { accounts: Accounts; users: UserStore }>(
  deps: T,
  calls: number,
  after: boolean,
): T {
  let left = calls;
  const wrap = <P extends object>(port: P): P =>
    new Proxy(port, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]): Promise<unknown> => {
          left -= 1;
          if (left < 0 && !after) throw new Crash();
          const result: unknown = await (value as (...a: unknown[]) => Promise<unknown>)(...args);
          if (left < 0) throw new Crash();
          return result;
        };
      },
    });
  return { ...deps, accounts: wrap(deps.accounts), users: wrap(deps.users) };
}

describe('register', () => {
  test('creates account, role and record', async () => {
    const deps = stage();
    const { user, confirmation_required } = await register(deps, body({ full_name: 'Ann' }), newId());
    expect(confirmation_required).toBe(true);
    expect(user).toEqual({
      id: user.id,
      email: 'ann@example.com',
      user_type: 'buyer',
      full_name: 'Ann',
      created_at: '2026-03-01T23:59:59.900Z',
      updated_at: '2026-03-01T23:59:59.900Z',
      is_active: true,
    });
    expect(await deps.users.get(user.id)).toEqual(user);
    expect(deps.accounts.stored.get('ann@example.com')).toMatchObject({
      userId: user.id,
      confirmed: false,
      roles: new Set(['buyer']),
    });
  });

  test('confirms at once if the stage is set to', async () => {
    const deps = stage({ autoConfirm: true });
    expect((await register(deps, body(), newId())).confirmation_required).toBe(false);
    expect(deps.accounts.stored.get('ann@example.com')?.confirmed).toBe(true);
  });

  test('cannot create an administrator', async () => {
    const deps = stage();
    await expect(register(deps, body({ user_type: 'admin' }), newId())).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(deps.accounts.stored.size).toBe(0);
  });

  test.each([true, false])(
    'does not change the owner of a taken address (same password: %s)',
    async (same) => {
      const deps = stage({ autoConfirm: true });
      const { user } = await register(deps, body(), newId());
      const again = register(deps, body({ password: same ? PASSWORD : 'Another-one-12' }), newId());
      await expect(again).rejects.toMatchObject({ code: 'email_taken' });
      expect(deps.accounts.stored.get('ann@example.com')).toMatchObject({
        userId: user.id,
        password: PASSWORD,
      });
    },
  );

  test('leaves no account behind if the agent name is taken', async () => {
    const deps = stage({ autoConfirm: true });
    await register(deps, agent('one@example.com', 'agent-x'), newId());
    await expect(register(deps, agent('two@example.com', 'agent-x'), newId())).rejects.toMatchObject({
      code: 'agent_name_taken',
    });
    expect(deps.accounts.stored.has('two@example.com')).toBe(false);
  });

  test('gives a contested agent name to one of two requests, and the other can retry', async () => {
    const deps = stage({ autoConfirm: true });
    const racers = ['one@example.com', 'two@example.com'];
    const ends = await Promise.allSettled(
      racers.map((email) => register(deps, agent(email, 'agent-x'), newId())),
    );
    expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(1);
    const loser = racers[ends.findIndex((end) => end.status === 'rejected')]!;
    expect(deps.accounts.stored.has(loser)).toBe(false);
    await expect(register(deps, agent(loser, 'agent-y'), newId())).resolves.toBeDefined();
  });

  test('returns the same user for a repeated key, also after completion', async () => {
    const deps = stage({ autoConfirm: true });
    const key = newId();
    const first = await register(deps, agent('one@example.com', 'agent-x'), key);
    expect(await register(deps, agent('one@example.com', 'agent-x'), key)).toEqual({
      ...first,
      repeated: true,
    });
    await expect(
      register(deps, { ...agent('one@example.com', 'agent-x'), password: 'Another-one-12' }, key),
    ).rejects.toMatchObject({ code: 'email_taken' });
    await expect(
      register(deps, { ...agent('one@example.com', 'agent-x'), full_name: 'Else' }, key),
    ).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  });

  test('keeps users apart who send the same key', async () => {
    const deps = stage({ autoConfirm: true });
    const key = newId();
    const ann = await register(deps, body(), key);
    const bob = await register(deps, body({ email: 'bob@example.com', password: 'Another-one-12' }), key);
    expect(bob).toMatchObject({ repeated: false, user: { email: 'bob@example.com' } });
    expect(bob.user.id).not.toBe(ann.user.id);
  });
});

describe.each([true, false])('after a crash (autoConfirm %s)', (autoConfirm) => {
  const registration = agent('bob@example.com', 'agent-b');

  test.each([true, false])(
    'before or after any call (after: %s) the same person can complete it',
    async (after) => {
      let crashes = 0;
      for (let calls = 0; calls < 20; calls++) {
        const deps = stage({ autoConfirm });
        const key = newId();
        const first = await register(crashing(deps, calls, after), registration, key).catch(
          (e: unknown) => e,
        );
        if (!(first instanceof Crash)) break;
        crashes += 1;
        const { user } = await register(deps, registration, key);
        expect(await deps.users.get(user.id)).toEqual(user);
        expect(await deps.users.ownerOfName('agent-b')).toBe(user.id);
        expect(deps.accounts.stored.get('bob@example.com')).toMatchObject({
          userId: user.id,
          confirmed: autoConfirm,
          roles: new Set(['agent']),
        });
      }
      expect(crashes).toBeGreaterThanOrEqual(4);
    },
  );

  test('nobody else can, until the incomplete account expires', async () => {
    for (let calls = 1; calls < 4; calls++) {
      const deps = stage({ autoConfirm });
      await expect(register(crashing(deps, calls, true), registration, newId())).rejects.toThrow(Crash);
      const before = deps.accounts.stored.get('bob@example.com');
      const other = { ...registration, password: 'Someone-else-1' };
      const whole = before && (await deps.users.get(before.userId)) !== undefined;
      await expect(register(deps, other, newId())).rejects.toMatchObject({ code: 'email_taken' });
      deps.passTime(16 * MINUTE);
      if (whole) continue;
      const { user } = await register(deps, other, newId());
      expect(user.id).not.toBe(before?.userId);
      expect(deps.accounts.stored.get('bob@example.com')?.password).toBe('Someone-else-1');
    }
  });
});
