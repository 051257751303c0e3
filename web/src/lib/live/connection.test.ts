import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LiveConnection } from './connection.ts';
import type { LiveEvent } from './connection.ts';

/** A socket that the test opens, closes and speaks through. */
class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    FakeSocket.all.push(this);
  }
  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }
  close() {
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
  say(id: number) {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(event(id)) }));
  }
}
const event = (id: number): LiveEvent => ({
  type: 'wallet.updated',
  id,
  at: '2026-03-01T09:30:00.000Z',
  data: { user_id: '019ab5e0-6d1c-7c3a-9f54-2b7e1d0c8a11' },
});

let newest: number;
let heard: number[];
let uncertain: number;
let asked: number[];
let live: LiveConnection;
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.all = [];
  [newest, heard, uncertain, asked] = [7, [], 0, []];
});
afterEach(() => {
  live.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function start(getTicket?: () => Promise<never>) {
  live = new LiveConnection({
    getTicket:
      getTicket ??
      (async () => ({ url: 'ws://edge/live', ticket: 'a+b', expires_in: 30, last_event_id: newest })),
    listEvents: async (after) => {
      asked.push(after);
      const items = Array.from({ length: Math.max(0, newest - after) }, (_, i) => event(after + i + 1));
      return { items, next_after: newest, more: false, gap: false };
    },
    openSocket: (url) => new FakeSocket(url) as unknown as WebSocket,
    onEvent: ({ id }) => heard.push(id),
    onUncertain: () => (uncertain += 1),
  });
}

it('connects with a ticket, lists missed events, and receives new ones', async () => {
  start();
  await settle();
  const [socket] = FakeSocket.all;
  expect(socket?.url).toBe('ws://edge/live?ticket=a%2Bb');
  newest = 8;
  socket?.open();
  await settle();
  expect(heard).toEqual([8]);
  socket?.say(9);
  await settle();
  expect(heard).toEqual([8, 9]);
  expect(asked).toEqual([7]);
  expect(live.isOpen()).toBe(true);
});

it('lists missing events if a number was skipped', async () => {
  start();
  await settle();
  FakeSocket.all[0]?.open();
  await settle();
  newest = 10;
  FakeSocket.all[0]?.say(10);
  await settle();
  expect(asked).toEqual([7, 7]);
  expect(new Set(heard)).toEqual(new Set([8, 9, 10]));
});

it('reconnects with increasing delays, and misses no event', async () => {
  start();
  await settle();
  FakeSocket.all[0]?.open();
  await settle();
  FakeSocket.all[0]?.close();
  expect(uncertain).toBe(1);
  newest = 9;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(FakeSocket.all).toHaveLength(2);
  FakeSocket.all[1]?.open();
  await settle();
  expect(heard).toEqual([8, 9]);
});

it('requests a ticket with increasing delays, and not at all once stopped', async () => {
  let tries = 0;
  start(async () => {
    tries += 1;
    throw new Error('offline');
  });
  await vi.advanceTimersByTimeAsync(60_000);
  const before = tries;
  expect(before).toBeGreaterThan(4);
  expect(before).toBeLessThan(10);
  live.stop();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(tries).toBe(before);
});
