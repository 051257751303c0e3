import { beforeEach, describe, expect, test, vi } from 'vitest';
import { MAX_EVENT_ID } from '../../../contracts/api/live.ts';
import { LiveEvent } from '../../../contracts/entities/live.ts';
import type { LiveSession } from '../../../contracts/entities/live.ts';
import type { UserRole } from '../../../contracts/entities/common.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import { keys } from '../../../contracts/naming.ts';
import { connect, disconnect } from '../../../lambdas/live/connect.ts';
import { connections } from '../../../lambdas/live/connections.ts';
import { eventLog } from '../../../lambdas/live/event-log.ts';
import { pusher } from '../../../lambdas/live/push.ts';
import { listEvents } from '../../../lambdas/live/read-events.ts';
import type { Reported } from '../../../lambdas/live/readers.ts';
import { tickets } from '../../../lambdas/live/tickets.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { memoryTable } from '../support/memory-table.ts';

/** The live functions over a table in memory and a gateway that holds connections. */
function bed() {
  const table = memoryTable();
  let now = new Date('2026-03-01T12:00:00.000Z');
  const roles = new Map<string, UserRole>();
  /** Messages by connection; a connection that is not in it is gone. */
  const gateway = new Map<string, LiveEvent[]>();
  const broken = new Set<string>();
  const deps = {
    events: eventLog(table),
    tickets: tickets(table),
    connections: connections(table),
    roleOf: async ({ user_id }: LiveSession) => roles.get(user_id),
    users: { admins: async () => [...roles].filter(([, role]) => role === 'admin').map(([id]) => id) },
    sender: {
      send: async (id: string, message: string) => {
        if (broken.has(id)) throw new Error('the gateway is busy');
        gateway.get(id)?.push(LiveEvent.parse(JSON.parse(message)));
        return gateway.has(id);
      },
      close: async (id: string) => {
        gateway.delete(id);
      },
    },
    clock: () => now,
  };
  const user = (role: UserRole = 'buyer') => {
    const id = newId();
    roles.set(id, role);
    return id;
  };
  const open = async (user_id: string) => {
    const ticket = await deps.tickets.issue({ user_id, origin_jti: 'o', started_at: 0 }, now);
    const id = newId();
    if (!(await connect(deps, id, ticket))) throw new Error('not connected');
    gateway.set(id, []);
    return id;
  };
  const pass = (ms: number) => {
    now = new Date(now.getTime() + ms);
  };
  const list = (userId: string, after = 0, limit = 20) =>
    listEvents(deps, { userId, role: roles.get(userId)! }, { after, limit });
  return { ...deps, deps, table, roles, gateway, broken, user, open, pass, list, push: pusher(deps) };
}
type Bed = ReturnType<typeof bed>;

const walletOf = (user_id: string): Reported => ({ type: 'wallet.updated', detail: { user_id } });
const taskOf = (buyer_id: string, assigned_agent_id = 'duke-mm'): Reported => ({
  type: 'task.updated',
  detail: { task_id: newId(), buyer_id, assigned_agent_id, status: 'completed', settlement: 'held' },
});
const ids = (events: readonly LiveEvent[]) => events.map(({ id }) => id);

let b: Bed;
beforeEach(() => {
  b = bed();
  vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
});

describe('events are numbered', () => {
  test('per reader, without gaps, also for concurrent writers', async () => {
    const [one, other] = [b.user(), b.user()];
    await Promise.all(
      Array.from({ length: 8 }, () => b.push([walletOf(one), walletOf(other), walletOf(one)])),
    );
    const { items } = await b.list(one, 0, 100);
    expect(ids(items)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
    expect(ids((await b.list(other)).items)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('and read in pages from a given number', async () => {
    const reader = b.user();
    await b.push(Array.from({ length: 5 }, () => walletOf(reader)));
    expect(await b.list(reader, 1, 2)).toMatchObject({ next_after: 3, more: true, gap: false });
    const rest = await b.list(reader, 3, 2);
    expect(ids(rest.items)).toEqual([4, 5]);
    expect(rest).toMatchObject({ next_after: 5, more: false, gap: false });
    expect(await b.list(reader, 5)).toEqual({ items: [], next_after: 5, more: false, gap: false });
  });

  test('and numbering continues after all have expired; the reader is notified of the gap', async () => {
    const reader = b.user();
    await b.push([walletOf(reader), walletOf(reader), walletOf(reader)]);
    for (const id of [1, 2, 3]) {
      const { pk, sk } = keys.event(reader, id);
      b.table.items.delete(`${pk} ${sk}`);
    }
    expect(await b.list(reader, 1)).toEqual({ items: [], next_after: 3, more: false, gap: true });
    await b.push([walletOf(reader)]);
    const page = await b.list(reader, 1);
    expect(ids(page.items)).toEqual([4]);
    expect(page.gap).toBe(true);
    // A number of another life, as after a reset of the local platform.
    for (const after of [99, MAX_EVENT_ID]) {
      expect(await b.list(reader, after)).toEqual({ items: [], next_after: 4, more: false, gap: true });
    }
  });

  test('and the newest number stays the highest when a repeated write of a lower one comes late', async () => {
    const reader = b.user();
    const late: (() => Promise<void>)[] = [];
    const log = eventLog({
      ...b.table,
      writeRepeatable: async (step) => {
        late.push(() => b.table.writeRepeatable(step).catch(() => undefined));
        await b.table.writeRepeatable(step);
      },
    });
    const news = { type: 'wallet.updated', data: { user_id: reader } } as const;
    for (let i = 0; i < 3; i++) await log.append(reader, [news], new Date());
    for (const repeat of late.toReversed()) await repeat();
    for (const id of [1, 2, 3]) {
      const { pk, sk } = keys.event(reader, id);
      b.table.items.delete(`${pk} ${sk}`);
    }
    expect(late).toHaveLength(3);
    expect(await log.newest(reader)).toBe(3);
  });

  test('and none is skipped that is added between two reads of an empty page', async () => {
    const reader = b.user();
    await b.push([walletOf(reader)]);
    let once = true;
    const events = {
      ...b.events,
      newest: async (userId: string) => {
        if (once) await b.push([walletOf(reader)]);
        once = false;
        return b.events.newest(userId);
      },
    };
    const page = await listEvents({ events }, { userId: reader, role: 'buyer' }, { after: 1, limit: 5 });
    expect(ids(page.items)).toEqual([2]);
    expect(page).toMatchObject({ next_after: 2, gap: false });
  });
});

describe('an event is delivered to', () => {
  test('the buyer and the agent of its task, and nobody else', async () => {
    const [buyer, agent, stranger, admin] = [b.user(), b.user('agent'), b.user(), b.user('admin')];
    const open = new Map<string, string>();
    for (const id of [buyer, agent, stranger, admin]) open.set(id, await b.open(id));
    await b.push([taskOf(buyer, agent)]);
    const told = [...open].filter(([, id]) => b.gateway.get(id)!.length > 0).map(([user]) => user);
    expect(told).toEqual([buyer, agent]);
    expect(JSON.stringify(b.gateway.get(open.get(agent)!))).not.toContain(buyer);
  });

  test('administrators if it is about a training run, while they have the role', async () => {
    const [admin, other] = [b.user('admin'), b.user()];
    const [one, two] = [await b.open(admin), await b.open(other)];
    const run: Reported = { type: 'model.run.updated', detail: { run_id: newId(), status: 'training' } };
    await b.push([run]);
    expect([b.gateway.get(one)!.length, b.gateway.get(two)!.length]).toEqual([1, 0]);
    b.roles.set(admin, 'buyer');
    await b.push([run, walletOf(admin)]);
    expect(b.gateway.get(one)!.map(({ type }) => type)).toEqual(['model.run.updated', 'wallet.updated']);
    const page = await b.list(admin);
    expect(page.items.map(({ type }) => type)).toEqual(['wallet.updated']);
    expect(page.next_after).toBe(3);
  });

  test('no connection of an ended session, which is closed instead', async () => {
    const reader = b.user();
    const id = await b.open(reader);
    b.roles.delete(reader);
    await b.push([walletOf(reader)]);
    expect(b.gateway.has(id)).toBe(false);
    expect(await b.connections.of(reader)).toEqual([]);
  });
});

describe('a connection', () => {
  test('is opened once per ticket, before it expires, while the session lasts', async () => {
    const reader = b.user();
    const issue = () => b.tickets.issue({ user_id: reader, origin_jti: 'o', started_at: 0 }, b.clock());
    const used = await issue();
    expect(await connect(b.deps, 'c1', used)).toBe(true);
    expect(await connect(b.deps, 'c2', used)).toBe(false);
    const late = await issue();
    b.pass(30_000);
    expect(await connect(b.deps, 'c3', late)).toBe(false);
    const revoked = await issue();
    b.roles.delete(reader);
    expect(await connect(b.deps, 'c4', revoked)).toBe(false);
    expect(await connect(b.deps, 'c5', undefined)).toBe(false);
    expect(await connect(b.deps, 'c6', 'guessed')).toBe(false);
    expect((await b.connections.of(reader)).map(({ connection_id }) => connection_id)).toEqual(['c1']);
  });

  test('is opened by one of two concurrent uses of a ticket', async () => {
    const ticket = await b.tickets.issue({ user_id: b.user(), origin_jti: 'o', started_at: 0 }, b.clock());
    const opened = await Promise.all(['a', 'b', 'c'].map((id) => connect(b.deps, id, ticket)));
    expect(opened.filter(Boolean)).toHaveLength(1);
  });

  test('that is gone is deleted; one that is being opened is not', async () => {
    const reader = b.user();
    const id = await b.open(reader);
    b.gateway.delete(id);
    await b.push([walletOf(reader)]);
    expect(await b.connections.of(reader)).toHaveLength(1);
    b.pass(11_000);
    await b.push([walletOf(reader)]);
    expect(await b.connections.of(reader)).toEqual([]);
    expect(await b.connections.ownerOf(id)).toBeUndefined();
  });

  test('that the gateway cannot reach is closed, so that its client lists the missed events', async () => {
    const reader = b.user();
    const [lost, fine] = [await b.open(reader), await b.open(reader)];
    b.broken.add(lost);
    await b.push([walletOf(reader)]);
    expect(b.gateway.has(lost)).toBe(false);
    expect(b.gateway.get(fine)).toHaveLength(1);
    expect(ids((await b.list(reader)).items)).toEqual([1]);
  });

  test('is deleted when it is closed', async () => {
    const reader = b.user();
    const id = await b.open(reader);
    await disconnect(b.connections, id);
    await disconnect(b.connections, id);
    expect(await b.connections.of(reader)).toEqual([]);
  });

  test('beyond the limit closes the oldest one', async () => {
    const reader = b.user();
    const opened: string[] = [];
    for (let i = 0; i < LIMITS.liveConnections.value + 2; i++) {
      b.pass(1);
      opened.push(await b.open(reader));
    }
    expect([...b.gateway.keys()]).toEqual(opened.slice(2));
    expect(await b.connections.of(reader)).toHaveLength(LIMITS.liveConnections.value);
  });
});
