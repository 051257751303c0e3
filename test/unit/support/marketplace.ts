import { createHash } from 'node:crypto';
import { CreateTaskBody } from '../../../contracts/api/task-bodies.ts';
import type { Kind } from '../../../contracts/entities/common.ts';
import type { ChunkMessage } from '../../../contracts/entities/task-messages.ts';
import type { File } from '../../../contracts/entities/file.ts';
import { ModelRecord } from '../../../contracts/entities/model.ts';
import type { MadeModel } from '../../../contracts/entities/model.ts';
import { accounts, objects } from '../../../contracts/naming.ts';
import { DEFAULT_BASE_PRICE_SATOSHIS } from '../../../contracts/rules/price.ts';
import type { InvocationRequest } from '../../../contracts/serving/invocation.ts';
import type { Caller } from '../../../lambdas/shared/http/caller.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import type { Table } from '../../../lambdas/shared/stores/table.ts';
import { agentProfileStore } from '../../../lambdas/shared/stores/agent-profile-store.ts';
import { agentStore } from '../../../lambdas/shared/stores/agent-store.ts';
import { assignmentStore } from '../../../lambdas/shared/stores/assignment-store.ts';
import { auditLog } from '../../../lambdas/shared/stores/audit-log.ts';
import { draftStore } from '../../../lambdas/shared/stores/draft-store.ts';
import { figureStore } from '../../../lambdas/shared/stores/figure-store.ts';
import { fileStore } from '../../../lambdas/shared/stores/file-store.ts';
import { modelStore } from '../../../lambdas/shared/stores/model-store.ts';
import { quoteStore } from '../../../lambdas/shared/stores/quote-store.ts';
import { reviewStore } from '../../../lambdas/shared/stores/review-store.ts';
import { recallStore } from '../../../lambdas/shared/stores/recall-store.ts';
import { runStore } from '../../../lambdas/shared/stores/run-store.ts';
import { trainingLockStore } from '../../../lambdas/shared/stores/training-lock-store.ts';
import { resultStore } from '../../../lambdas/shared/stores/result-store.ts';
import { taskStore } from '../../../lambdas/shared/stores/task-store.ts';
import { trialStore } from '../../../lambdas/shared/stores/trial-store.ts';
import { trainingStore } from '../../../lambdas/shared/stores/training-store.ts';
import { userStore } from '../../../lambdas/shared/stores/user-store.ts';
import { walletStore } from '../../../lambdas/shared/stores/wallet-store.ts';
import type { DukeMMClient, Invocation } from '../../../lambdas/shared/duke-mm-client.ts';
import { memoryObjects } from './memory-objects.ts';
import { memoryTable } from './memory-table.ts';

export const buyer = (userId = newId()): Caller => ({
  userId,
  role: 'buyer',
  email: `${userId}@example.com`,
  originJti: 'origin',
  sessionStartedAt: 0,
  accessToken: 'token',
  expiresAt: 0,
});

/** Answers with the first label, or does what the test says next. */
export class ScriptedModel implements DukeMMClient {
  readonly requests: InvocationRequest[] = [];
  readonly next: (Invocation | Error)[] = [];
  /** How sure it is of an item. */
  confidenceOf: (itemId: string) => number = () => 0.9;

  async invoke(request: InvocationRequest): Promise<Invocation> {
    this.requests.push(request);
    const scripted = this.next.shift();
    if (scripted instanceof Error) throw scripted;
    if (scripted) return scripted;
    const items = request.items.map((item) => ({
      id: item.id,
      prediction: request.task.kind === 'regression' ? 1.5 : (request.task.labels?.[0] ?? 'a text'),
      confidence: this.confidenceOf(item.id),
      explanation: { nearest: [], words: [], summary: 'scripted' },
    }));
    return { outcome: 'answered', response: { model_version: '1', items } };
  }
}

/** Version 1 as it is registered before it serves. */
export const madeModel = (overrides: Partial<MadeModel> = {}): MadeModel =>
  ModelRecord.parse({
    version: '1',
    state: 'candidate',
    artifact_uri: 's3://work/registry/duke-mm/1/model.tar.gz',
    sha256: '1'.repeat(64),
    size_bytes: 1,
    kinds: ['classification'],
    parent: null,
    created_at: '2026-03-01T12:00:00.000Z',
    lineage: null,
    metrics: null,
    gate: null,
    report_key: null,
    model_card_key: null,
    ...overrides,
  }) as MadeModel;

/** Puts something between the use cases and what they call; the table, the buckets, the queue, the model. */
export type Wrap = <T extends object>(target: T) => T;

/** The marketplace's use cases over a table, buckets and queues in memory, with a clock that tests set. */
export async function marketplace(
  start = '2026-03-01T12:00:00.000Z',
  wrap: Wrap = (target) => target,
  kinds: Kind[] = ['classification'],
) {
  const table = memoryTable();
  const seen = wrap<Table>(table);
  let now = new Date(start);
  const queue: { message: ChunkMessage; delay: number }[] = [];
  const dukeMM = wrap(new ScriptedModel());
  const sender = wrap({
    sendAll: async (messages: readonly ChunkMessage[], delay: number) => {
      queue.push(...messages.map((message) => ({ message, delay })));
    },
    send: async (message: ChunkMessage, delay: number) => {
      queue.push({ message, delay });
    },
  });
  const market = {
    table,
    queue,
    dukeMM,
    tasks: taskStore(seen),
    files: fileStore(seen),
    results: resultStore(seen),
    agents: agentStore(seen),
    profiles: agentProfileStore(seen),
    assignments: assignmentStore(seen),
    drafts: draftStore(seen),
    users: userStore(seen),
    models: modelStore(seen),
    wallets: walletStore(seen),
    training: trainingStore(seen),
    trials: trialStore(seen),
    locks: trainingLockStore(seen),
    recalls: recallStore(seen),
    quotes: quoteStore(seen),
    reviews: reviewStore(seen),
    runs: runStore(seen),
    audit: auditLog(seen),
    figures: figureStore(seen),
    uploads: wrap(memoryObjects('files')),
    work: wrap(memoryObjects('work')),
    enqueue: (messages: readonly ChunkMessage[], delay: number) => sender.sendAll(messages, delay),
    requeue: (message: ChunkMessage, delay: number) => sender.send(message, delay),
    clock: () => now,
    stopwatch: () => 0,
    basePriceSatoshis: DEFAULT_BASE_PRICE_SATOSHIS,
    deadlineMinutes: 30,
    agentDeadlineMinutes: 24 * 60,
    maxReceives: 4,
    setTime: (iso: string) => {
      now = new Date(iso);
    },
    passTime: (milliseconds: number) => {
      now = new Date(now.getTime() + milliseconds);
    },
  };
  const at = now.toISOString();
  await market.models.register(madeModel({ created_at: at, kinds }));
  await market.models.promote({ revision: 1, version: '1', previous: null, by: 'deployment', at }, kinds);
  return market;
}
export type Marketplace = Awaited<ReturnType<typeof marketplace>>;

export async function fund(market: Marketplace, caller: Caller, amount: number): Promise<void> {
  await market.wallets.move({
    id: `DEPOSIT#${caller.userId}#${newId()}`,
    kind: 'deposit',
    at: market.clock().toISOString(),
    legs: [
      { account: accounts.external('sandbox'), amount: -amount },
      { account: accounts.available(caller.userId), amount },
    ],
  });
}

export const taskBody = (overrides: Partial<CreateTaskBody> = {}): CreateTaskBody =>
  CreateTaskBody.parse({
    description: 'Is this mail spam?',
    complexity: 1,
    labels: ['ham', 'spam'],
    items: [{ fields: { text: 'Win a prize' } }, { fields: { text: 'Minutes of the meeting' } }],
    ...overrides,
  });

/** A ready CSV of one user, with the metadata an inspection would have found. */
export async function csvFile(
  market: Marketplace,
  owner: Caller,
  text: string,
  columns: Extract<File, { status: 'ready' }>['metadata'] extends infer M
    ? Extract<M, { columns: unknown }>['columns']
    : never,
  blankRows = 0,
): Promise<string> {
  const id = newId();
  const at = market.clock().toISOString();
  const base = {
    id,
    owner_id: owner.userId,
    filename: 'table.csv',
    content_type: 'text/csv',
    file_type: 'csv' as const,
    size_bytes: Buffer.byteLength(text),
    created_at: at,
    updated_at: at,
  };
  const sha256 = createHash('sha256').update(text).digest('hex');
  await market.uploads.put(objects.ready(id, sha256), text, 'text/csv');
  await market.files.create({ ...base, status: 'pending' });
  await market.files.inspected({
    ...base,
    status: 'ready',
    metadata: {
      file_type: 'csv',
      encoding: 'utf-8',
      delimiter: ',',
      sha256,
      rows: text.trim().split('\n').length - 1,
      ...(blankRows > 0 && { blank_rows: blankRows }),
      columns,
    },
  });
  return id;
}

/** Every ledger entry of the table. */
export const entries = (
  market: Marketplace,
): { account: string; amount_satoshis: number; movement_id: string }[] =>
  [...market.table.items.values()]
    .filter((item) => item['entity'] === 'entry')
    .map((item) => ({
      account: String(item['account']),
      amount_satoshis: Number(item['amount_satoshis']),
      movement_id: String(item['movement_id']),
    }));
