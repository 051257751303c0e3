import * as z from 'zod';
import type { FeedbackBody } from '../../../contracts/api/results.ts';
import type { User } from '../../../contracts/entities/user.ts';
import { DukeError } from '../../../contracts/errors.ts';
import { allShards, keys } from '../../../contracts/naming.ts';
import { updateReputation } from '../../../lambdas/agents/update-reputation.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { userStore } from '../../../lambdas/shared/stores/user-store.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { cancelTask } from '../../../lambdas/tasks/end-task.ts';
import { executeChunk } from '../../../lambdas/tasks/execute-chunk.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { sweepShard } from '../../../lambdas/tasks/sweep.ts';
import { paymentProvider } from '../../../lambdas/wallet/payment-provider.ts';
import { creditWallet, deposit, withdraw } from '../../../lambdas/wallet/wallet.ts';
import { buyer, csvFile, fund, marketplace, taskBody } from './marketplace.ts';
import type { Marketplace } from './marketplace.ts';
import { expectSound } from './money-sound.ts';
import type { Action, FAULTS, Move, Step, TASK_STEPS } from './money-steps.ts';
import { Crash, Saboteur } from './saboteur.ts';

const FUNDS = 1_000_000;
const HOUR = 3_600_000;
const INLINE = ['a', 'b', 'c'].map((text) => ({ fields: { text } }));
/** Two examples, three items, two rows that are wholly blank. */
const TABLE = 'text,label\na,ham\nb,spam\n,\nc,\nd,\n,\ne,';
const COLUMNS = [
  { name: 'text', type: 'text' as const, filled: 5 },
  { name: 'label', type: 'text' as const, filled: 2, values: ['ham', 'spam'] },
];

/** One marketplace that random steps are taken in; after each its books are checked. */
export class MoneyWalk {
  readonly market: Marketplace;
  readonly counts = new Map<string, number>();
  readonly #saboteur: Saboteur;
  readonly #buyers = [buyer(), buyer()] as const;
  readonly #taskIds: string[] = [];
  readonly #done: (() => Promise<unknown>)[] = [];
  readonly #files: string[] = [];

  private constructor(market: Marketplace, saboteur: Saboteur) {
    this.market = market;
    this.#saboteur = saboteur;
  }

  static async start(): Promise<MoneyWalk> {
    logger.setLogLevel('SILENT'); // refusals and poison are logged, a thousand times a second
    const saboteur = new Saboteur();
    const walk = new MoneyWalk(await marketplace(undefined, saboteur.wrap), saboteur);
    for (const caller of walk.#buyers) {
      await walk.#users.create(walk.#userOf(caller.userId), { id: newId(), fingerprint: 'f' });
      await fund(walk.market, caller, FUNDS);
      walk.#files.push(await csvFile(walk.market, caller, TABLE, COLUMNS, 2));
    }
    return walk;
  }

  /** Takes a step and checks the books. @throws Error if they do not balance, or something else than a refusal came */
  async take(next: Step): Promise<void> {
    const run = this.#runOf(next);
    if (next.do !== 'replay') this.#done.unshift(run);
    if (this.#done.length > 40) this.#done.pop();
    if (next.crash) this.#saboteur.arm(next.crash.at, next.crash.when);
    const first = await this.#unlessRefused(run);
    this.#saboteur.disarm();
    if (first === 'crashed') {
      this.#count('crashed');
      await this.#sound(next);
      if ((await this.#unlessRefused(run)) === 'crashed') throw new Error('it crashed without a saboteur');
    }
    this.#count(next.do);
    await this.#sound(next);
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  async #sound(next: Step): Promise<void> {
    await expectSound(this.market, this.#buyers, JSON.stringify(next));
  }

  /** A refusal with a documented code is part of the game; anything else is a defect. */
  async #unlessRefused(run: () => Promise<unknown>): Promise<'done' | 'crashed'> {
    try {
      await run();
    } catch (error) {
      if (error instanceof Crash) return 'crashed';
      if (error instanceof DukeError) this.#count(`refused: ${error.code}`);
      else if (isUnreadable(error)) this.#count('unreadable');
      else throw error;
    }
    return 'done';
  }

  /** What a step does; called again it repeats the same requests. */
  #runOf(next: Step): () => Promise<unknown> {
    switch (next.do) {
      case 'create':
        return this.#create(next);
      case 'execute':
        return this.#execute(next.fault, next.duplicate);
      case 'credit':
      case 'deposit':
      case 'withdraw':
        return this.#move(next);
      case 'wait':
        return async () => this.market.passTime(next.hours * HOUR);
      case 'price':
        return async () => void (this.market.basePriceSatoshis = next.base);
      case 'replay':
        return this.#done[next.back] ?? (async () => undefined);
      case 'sweep':
        return () => both(() => this.#sweep());
      default:
        return this.#act(next.do, this.#taskIds[next.task]);
    }
  }

  #create(next: Extract<Action, { do: 'create' }>): () => Promise<unknown> {
    const id = newId();
    const caller = this.#buyers[next.buyer]!;
    const { complexity } = next;
    const body = next.table
      ? taskBody({
          complexity,
          items: [],
          labels: undefined,
          files: [this.#files[next.buyer]!],
          target: 'label',
        })
      : taskBody({ complexity, items: INLINE });
    const post = () => createTask(this.market, caller, body, id);
    this.#taskIds.unshift(id);
    return () => (next.again ? both(post) : post());
  }

  #move(next: Extract<Action, { do: Move }>): () => Promise<unknown> {
    const id = newId();
    const { userId } = this.#buyers[next.buyer]!;
    const { wallets, clock } = this.market;
    const deps = { wallets, clock, users: this.#users, provider: paymentProvider('sandbox') };
    const body = { user_id: userId, amount_satoshis: next.amount, reason: 'paid outside' };
    const move = () =>
      next.do === 'credit'
        ? creditWallet(deps, { ...this.#buyers[0], role: 'admin' }, body, id)
        : (next.do === 'deposit' ? deposit : withdraw)(deps, userId, next.amount, id);
    return () => (next.again ? both(move) : move());
  }

  #execute(fault: (typeof FAULTS)[number], duplicate: boolean): () => Promise<unknown> {
    const { market } = this;
    const queued = market.queue.shift();
    if (!queued) return async () => undefined;
    let first = true;
    return async () => {
      const script = market.dukeMM.next;
      if (first && fault === 'busy') script.push({ outcome: 'busy', why: 'full', retryAfterSeconds: 1 });
      if (first && fault === 'refused') script.push({ outcome: 'refused', why: 'no' });
      if (first && (fault === 'crash' || fault === 'last')) script.push(new Crash('the process died'));
      first = false;
      const receives = fault === 'last' ? market.maxReceives : 1;
      const tries = (duplicate ? [1, receives] : [receives]).map(
        (n) => () => executeChunk(market, queued.message, n),
      );
      await all(tries).finally(() => (script.length = 0));
    };
  }

  #act(what: (typeof TASK_STEPS)[number], id: string | undefined): () => Promise<unknown> {
    const { market } = this;
    if (id === undefined) return async () => undefined;
    if (what === 'poison') return () => this.#poison(id);
    return async () => {
      const posted = await market.tasks.get(id);
      if (!posted) return;
      if (what === 'deliver') return this.#deliver(id);
      if (what === 'plan') return both(() => planTask(market, id));
      if (what === 'complete') return both(() => completeTask(market, id));
      if (what === 'cancel') return both(() => cancelTask(market, posted.buyer_id, id));
      if (what !== 'weigh') await this.#deliver(id); // a verdict needs a result
      const task = await market.tasks.get(id);
      if (task?.status !== 'completed') return;
      if (what === 'weigh')
        return both(() => updateReputation(market, [{ task_id: id, result_id: task.result_id }]));
      const part = (await market.results.get(task.result_id))?.parts[0];
      if (!part) return;
      const [first] = (await market.work.text(part.key)).split('\n');
      const { id: item_id } = JSON.parse(first!) as { id: string };
      const corrections = [{ item_id, expected: 'spam' }];
      const body: FeedbackBody =
        what === 'accept'
          ? { verdict: 'accept', corrections: [] }
          : { verdict: what === 'reject' ? 'reject' : 'accept', corrections };
      return both(() => giveFeedback(market, task.buyer_id, task.result_id, body));
    };
  }

  async #deliver(id: string): Promise<void> {
    await planTask(this.market, id);
    for (let queued = this.market.queue.shift(); queued; queued = this.market.queue.shift())
      await executeChunk(this.market, queued.message, 1);
    await completeTask(this.market, id);
  }

  /** How often each kind of movement happened. */
  get movements(): Map<string, number> {
    const kinds = [...this.market.table.items.values()].flatMap((item) =>
      item['entity'] === 'movement' ? [String(item['kind'])] : [],
    );
    return new Map([...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => [kind, all.length]));
  }

  /** Makes the record of a task unreadable, or readable again. */
  async #poison(id: string): Promise<void> {
    const item = this.market.table.items.get(`${keys.task(id).pk} ${keys.task(id).sk}`);
    if (!item) return;
    const { poisoned, kind, ...rest } = item;
    const next =
      poisoned === undefined ? { ...rest, kind: 'poison', poisoned: kind } : { ...rest, kind: poisoned };
    this.market.table.items.set(`${keys.task(id).pk} ${keys.task(id).sk}`, next);
  }

  async #sweep(): Promise<void> {
    for (const shard of allShards()) await sweepShard(this.market, shard, () => 60_000);
  }

  get #users() {
    return userStore(this.market.table);
  }
  #userOf(id: string): User {
    const at = this.market.clock().toISOString();
    const email = `${id}@example.com`;
    return {
      id,
      email,
      user_type: 'buyer',
      full_name: null,
      created_at: at,
      updated_at: at,
      is_active: true,
    };
  }
}

/** A record that the walk has poisoned was read. */
const isUnreadable = (error: unknown): boolean =>
  error instanceof z.ZodError &&
  error.issues.some((issue) => issue.code === 'unrecognized_keys' && issue.keys.includes('poisoned'));

/** Both at once; when both are refused, that is a refusal. */
const both = (run: () => Promise<unknown>): Promise<void> => all([run, run]);

async function all(runs: readonly (() => Promise<unknown>)[]): Promise<void> {
  const outcomes = await Promise.allSettled(runs.map((run) => run()));
  const reasons = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  const defect = reasons.find(
    (one) => !(one instanceof DukeError || one instanceof Crash || isUnreadable(one)),
  );
  const worst = defect ?? reasons.find((one) => one instanceof Crash);
  if (worst) throw worst;
  if (reasons[0] && reasons.length === runs.length) throw reasons[0];
}
