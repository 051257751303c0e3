import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DukeNet } from '../../client/typescript/src/index.ts';
import { ledgerBalances } from '../shared/ledger.ts';
import { isOpen, judge, signIn, type Buyer } from './load.ts';
import type { KillablePlatform } from './platform.ts';

const POLL_MS = 500;

/** Acknowledged things that are missing, as sentences; empty if nothing is. */
export async function missing(platform: KillablePlatform, buyers: readonly Buyer[]): Promise<string[]> {
  const faults: string[] = [];
  for (const buyer of buyers) {
    const api = await signIn(platform.apiUrl, buyer);
    const expectPresent = async (what: string, seen: Promise<unknown>): Promise<void> => {
      await seen.catch((error: unknown) => {
        faults.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      });
    };
    for (const task_id of buyer.tasks)
      await expectPresent(`task ${task_id}`, api.call('getTask', { params: { task_id } }));
    for (const file_id of buyer.files)
      await expectPresent(`file ${file_id}`, api.call('getFile', { params: { file_id } }));
    const deposits = await depositsOf(api);
    if (deposits < buyer.deposited || deposits > buyer.attempted)
      faults.push(`${buyer.email}: ${deposits} satoshis deposited, ${buyer.deposited} acknowledged`);
    for (const task_id of buyer.judged) {
      const { settlement } = await api.call('getTask', { params: { task_id } });
      if (settlement === 'held') faults.push(`the verdict on ${task_id} is gone`);
    }
  }
  const sum = await ledgerSum(platform);
  if (sum !== 0) faults.push(`the ledger sums to ${sum}`);
  return faults;
}

async function depositsOf(api: DukeNet): Promise<number> {
  let sum = 0;
  for await (const { kind, amount_satoshis } of api.items('listEntries', {}))
    if (kind === 'deposit') sum += amount_satoshis;
  return sum;
}

export async function ledgerSum(platform: KillablePlatform): Promise<number> {
  const table = /"TableName":\s*"([^"]+)"/.exec(readFileSync(platform.outputsFile, 'utf8'))?.[1];
  if (table === undefined) throw new Error(`${platform.outputsFile} names no table`);
  const client = new DynamoDBClient({
    endpoint: platform.awsEndpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const balances = await ledgerBalances(table, client);
  return balances.reduce((sum, { satoshis }) => sum + satoshis, 0);
}

/** Waits until every task and every file has reached a final state, judges the rest, and checks the sums. */
export async function unfinished(
  platform: KillablePlatform,
  buyers: readonly Buyer[],
  timeoutMs: number,
): Promise<string[]> {
  const faults: string[] = [];
  const until = Date.now() + timeoutMs;
  for (const buyer of buyers) {
    const api = await signIn(platform.apiUrl, buyer);
    const end = async <T>(what: string, look: () => Promise<T>, over: (seen: T) => boolean) => {
      for (;;) {
        const seen = await look();
        if (over(seen)) return seen;
        if (Date.now() > until) {
          faults.push(`${what} has not come to its end`);
          return seen;
        }
        await sleep(POLL_MS);
      }
    };
    for (const file_id of buyer.files)
      await end(
        `file ${file_id}`,
        () => api.call('getFile', { params: { file_id } }),
        ({ status }) => status !== 'pending',
      );
    // Includes requests without a response: they may or may not have taken effect.
    const posted = await Array.fromAsync(api.items('listTasks', {}));
    for (const task_id of new Set([...buyer.tasks, ...posted.map(({ id }) => id)])) {
      const task = await end(
        `task ${task_id}`,
        () => api.call('getTask', { params: { task_id } }),
        (seen) => !isOpen(seen),
      );
      await judge(api, buyer, task);
    }
    await end(
      `money held for ${buyer.email}`,
      () => api.call('getWallet', {}),
      ({ held_satoshis }) => held_satoshis === 0,
    );
  }
  const sum = await ledgerSum(platform);
  if (sum !== 0) faults.push(`the ledger sums to ${sum}`);
  return faults;
}
