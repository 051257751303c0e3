import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { DukeNet } from '../../client/typescript/src/index.ts';
import { LiveEvent } from '../../contracts/entities/live.ts';
import { eventually } from '../integration/eventually.ts';
import { newBuyer } from '../integration/support.ts';

const USERS = 25;
const CONNECTIONS_PER_USER = 20;
const DEPOSITS = 4;
/** Connections that are opened at the same moment. */
const OPENED_AT_ONCE = 20;

interface Buyer {
  readonly api: DukeNet;
  readonly id: string;
}

/** A client of live events: what it heard, and the number up to which it knows all. */
class Listener {
  readonly buyer: Buyer;
  readonly heard: LiveEvent[] = [];
  #socket: WebSocket | undefined;
  readonly #since: number;

  private constructor(buyer: Buyer, since: number) {
    this.buyer = buyer;
    this.#since = since;
  }

  static async open(buyer: Buyer): Promise<Listener> {
    const { url, ticket, last_event_id } = await buyer.api.call('createLiveTicket', {});
    const listener = new Listener(buyer, last_event_id);
    const socket = new WebSocket(`${url}?ticket=${ticket}`);
    listener.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      listener.heard.push(LiveEvent.parse(JSON.parse(String(data))));
    });
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => {
        reject(new Error('the connection was refused'));
      });
    });
    return listener;
  }

  drop(): void {
    this.#socket?.close();
  }

  /** Lists everything since it first connected. */
  async catchUp(): Promise<void> {
    for (let after = this.#since, more = true; more;) {
      const page = await this.buyer.api.call('listEvents', { query: { after, limit: 100 } });
      this.heard.push(...page.items);
      after = page.next_after;
      more = page.more;
    }
  }

  /** Numbers between its first connection and `last` that it never heard of. */
  missing(last: number): number[] {
    const known = new Set(this.heard.map(({ id }) => id));
    return Array.from({ length: last - this.#since }, (_, i) => this.#since + 1 + i).filter(
      (id) => !known.has(id),
    );
  }
}

const deposit = ({ api }: Buyer) => api.call('deposit', { body: { amount_satoshis: 1 } });
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

test('delivers an event within a second', async () => {
  const buyer = await newBuyer(1);
  const listener = await Listener.open(buyer);
  const waits: number[] = [];
  for (let i = 0; i < 30; i++) {
    const before = listener.heard.length;
    await deposit(buyer);
    const from = performance.now();
    while (listener.heard.length === before && performance.now() - from < 10_000) await pause(5);
    waits.push(performance.now() - from);
  }
  listener.drop();
  console.log(
    `live events: median ${median(waits).toFixed(0)} ms, worst ${Math.max(...waits).toFixed(0)} ms, of ${waits.length}`,
  );
  expect(median(waits)).toBeLessThanOrEqual(1000);
});

test('500 connections, half of them dropped: no event is lost or sent to another user', async () => {
  const buyers: Buyer[] = [];
  for (let i = 0; i < USERS; i++) buyers.push(await newBuyer(1));
  const wanted = buyers.flatMap((buyer) => Array.from({ length: CONNECTIONS_PER_USER }, () => buyer));
  const listeners: Listener[] = [];
  const opening = performance.now();
  for (let at = 0; at < wanted.length; at += OPENED_AT_ONCE) {
    listeners.push(
      ...(await Promise.all(wanted.slice(at, at + OPENED_AT_ONCE).map((buyer) => Listener.open(buyer)))),
    );
  }
  const opened = (performance.now() - opening) / 1000;
  const half = listeners.filter((_, i) => i % 2 === 0);
  for (let round = 0; round < DEPOSITS; round++) {
    await Promise.all(buyers.map(deposit));
    // In the middle of the events.
    if (round === 1) half.forEach((listener) => listener.drop());
  }
  const newest = new Map<string, number>();
  for (const { api, id } of buyers) {
    const { last_event_id } = await eventually(
      () => api.call('createLiveTicket', {}),
      (ticket) => ticket.last_event_id >= DEPOSITS + 1,
      60_000,
    );
    newest.set(id, last_event_id);
  }
  const lastOf = ({ buyer }: Listener): number => newest.get(buyer.id)!;
  const stayed = listeners.filter((listener) => !half.includes(listener));
  const live = await eventually(
    async () => stayed.filter((listener) => listener.missing(lastOf(listener)).length > 0).length,
    (missing) => missing === 0,
    30_000,
  ).catch(() => -1);
  const lost = half.reduce((sum, listener) => sum + listener.missing(lastOf(listener)).length, 0);
  for (const listener of half) await listener.catchUp();
  const missed = listeners.flatMap((listener) => listener.missing(lastOf(listener)));
  const foreign = listeners.flatMap(({ buyer, heard }) =>
    heard.filter((event) => event.type !== 'wallet.updated' || event.data.user_id !== buyer.id),
  );
  const sum = listeners.reduce((total, { heard }) => total + heard.length, 0);
  console.log(
    `live: ${listeners.length} connections opened in ${opened.toFixed(1)} s, ${half.length} dropped; ${sum} events heard, ` +
      `${lost} not heard by the dropped ones before they listed, ${missed.length} missed after, ${foreign.length} of somebody else`,
  );
  stayed.forEach((listener) => listener.drop());
  expect(live).toBe(0);
  expect(missed).toEqual([]);
  expect(foreign).toEqual([]);
});
