import { DUKE_MM_ID } from '../../../contracts/duke-mm.ts';
import type { FeedbackBody } from '../../../contracts/api/results.ts';
import { DukeError } from '../../../contracts/errors.ts';
import { keys } from '../../../contracts/naming.ts';
import { updateReputation } from '../../../lambdas/agents/update-reputation.ts';
import { updateProfile } from '../../../lambdas/agents/profile.ts';
import { HOUR, MINUTE } from '../../../lambdas/shared/clock.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { cancelTask } from '../../../lambdas/tasks/end-task.ts';
import { executeChunk } from '../../../lambdas/tasks/execute-chunk.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { quoteTask } from '../../../lambdas/tasks/quote-task.ts';
import { startTask } from '../../../lambdas/tasks/submit-result.ts';
import { followAccount } from '../../../lambdas/tasks/withdraw-agent.ts';
import { AgentBooks } from './agent-books.ts';
import { AGENTS, DUKE_MARKS, ITEMS, MARKS, PREFERRED, REVIEW_BELOW } from './agent-walk-steps.ts';
import type { Action, AgentStep, TASK_STEPS } from './agent-walk-steps.ts';
import { isWorkOf, registerAgent, submit } from './agents.ts';
import type { TestAgent } from './agents.ts';
import { buyer, csvFile, fund, marketplace, taskBody } from './marketplace.ts';
import type { Marketplace } from './marketplace.ts';
import { expectSound } from './money-sound.ts';
import { Crash, Saboteur } from './saboteur.ts';
import { sweepAll } from './task-flow.ts';

const FUNDS = 2_000_000;

/** A marketplace with three agents that are slow, silent, wrong, disabled and racing; its books are checked after each step. */
export class AgentWalk {
  readonly market: Marketplace;
  readonly counts = new Map<string, number>();
  readonly #saboteur: Saboteur;
  readonly #buyer = buyer();
  #agents: TestAgent[] = [];
  #books!: AgentBooks;
  /** Agents whose account changed and whose tasks were not all moved yet. */
  readonly #toFollow = new Set<string>();
  readonly #tasks: string[] = [];
  #lastQuote: string | undefined;
  #file!: string;

  private constructor(market: Marketplace, saboteur: Saboteur) {
    this.market = market;
    this.#saboteur = saboteur;
  }

  static async start(): Promise<AgentWalk> {
    logger.setLogLevel('SILENT');
    const saboteur = new Saboteur();
    const walk = new AgentWalk(await marketplace(undefined, saboteur.wrap), saboteur);
    for (const name of AGENTS) walk.#agents.push(await registerAgent(walk.market, name));
    await fund(walk.market, walk.#buyer, FUNDS);
    walk.#file = await csvFile(walk.market, walk.#buyer, 'text\na', [
      { name: 'text', type: 'text', filled: 1 },
    ]);
    walk.market.dukeMM.confidenceOf = (itemId) => DUKE_MARKS[itemId === 'item:1' ? 0 : 1];
    const marks = walk.#agents.map(({ id }, i): [string, readonly number[]] => [id, [MARKS[i]!]]);
    walk.#books = new AgentBooks(walk.market, new Map([...marks, [DUKE_MM_ID, DUKE_MARKS]]));
    return walk;
  }

  /** @throws Error if the books do not balance, or something else than a refusal came */
  async take(step: AgentStep): Promise<void> {
    const runs = step.actions.map((next) => this.#runOf(next));
    if (step.crash) this.#saboteur.arm(step.crash.at, step.crash.when);
    const first = await this.#all(runs);
    this.#saboteur.disarm();
    const after = JSON.stringify(step);
    await this.#sound(after);
    if (first === 'crashed') {
      if ((await this.#all(runs)) === 'crashed') throw new Error('it crashed without a saboteur');
      await this.#sound(after);
    }
    if (step.actions.every((action) => action.do === 'sweep')) this.#books.nothingIsOverdue(after);
    await this.#followAccounts(after);
  }

  /** What the queue does for an agent whose account was disabled or enabled. */
  async #followAccounts(after: string): Promise<void> {
    for (const id of this.#toFollow) await followAccount(this.market, id);
    for (const id of this.#toFollow) {
      const user = await this.market.users.get(id);
      const kept = [...this.market.table.items.values()].filter(
        (item) => isWorkOf(item, id) && (item['chunks_left'] !== 0 || item['review_state'] === 'open'),
      );
      if (!user?.is_active && kept.length > 0) throw new Error(`a disabled agent has tasks, after ${after}`);
    }
    if (this.#toFollow.size === 0) return;
    this.#toFollow.clear();
    await this.#sound(after);
  }

  /** Lets all time pass: nothing may be held, and nobody may have work, when everything is over. */
  async end(): Promise<void> {
    for (let i = 0; i < 6; i++) {
      this.market.passTime(25 * HOUR);
      for (const id of this.#tasks) await this.#all([() => completeTask(this.market, id)]);
      await sweepAll(this.market);
      await this.#sound(`day ${i} after the last step`);
    }
    for (const { review_state: review, entity } of this.market.table.items.values())
      if (entity === 'task' && review !== undefined) this.#count(`review: ${review as string}`);
    const { held_satoshis: held } = await this.market.wallets.get(this.#buyer.userId);
    if (held !== 0) throw new Error(`${held} satoshis are held when everything is over`);
    for (const { id, name } of this.#agents) {
      const { load } = (await this.market.profiles.get(id))!;
      if (load !== 0) throw new Error(`${name} has ${load} tasks when everything is over`);
    }
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** Both at the same moment. A refusal with a documented code is part of the game; anything else is a defect. */
  async #all(runs: readonly (() => Promise<unknown>)[]): Promise<'done' | 'crashed'> {
    const outcomes = await Promise.allSettled(runs.map((run) => run()));
    let crashed = false;
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') continue;
      const reason: unknown = outcome.reason;
      if (reason instanceof Crash) crashed = true;
      else if (reason instanceof DukeError) this.#count(`refused: ${reason.code}`);
      else throw reason;
    }
    return crashed ? 'crashed' : 'done';
  }

  #runOf(next: Action): () => Promise<unknown> {
    const { market } = this;
    this.#count(next.do);
    switch (next.do) {
      case 'create': {
        const id = newId();
        this.#tasks.unshift(id);
        return this.#posting(next, id);
      }
      case 'settings': {
        const { paused, capacity } = next;
        return () => updateProfile(market, this.#agents[next.agent]!.id, { paused, capacity });
      }
      case 'enable':
        return async () => {
          const { id } = this.#agents[next.agent]!;
          await market.table.write({ update: keys.user(id), set: { is_active: next.active } });
          this.#toFollow.add(id);
        };
      case 'wait':
        return async () => market.passTime(next.hours * HOUR + (next.hours === 24 ? 0 : MINUTE));
      case 'price':
        return async () => void (market.basePriceSatoshis = next.base);
      case 'sweep':
        return () => sweepAll(market);
      case 'plan':
      case 'duke':
      case 'complete':
      case 'cancel':
      case 'accept':
      case 'reject':
      case 'weigh':
        return () => this.#byMarket(next.do, this.#tasks[next.task]);
      default:
        return () => this.#byAgent(next, this.#tasks[next.task]);
    }
  }

  /** Posts a task, with a quote or without one. Repeated after a crash, it has the same id and the same quote. */
  #posting(next: Extract<Action, { do: 'create' }>, id: string): () => Promise<unknown> {
    const { market } = this;
    const preferred = PREFERRED[next.preferred];
    const review = REVIEW_BELOW[next.review];
    const body = taskBody({
      complexity: next.complexity,
      items: ITEMS.map((text) => ({
        fields: { text },
        ...(next.attachment && { files: { attachment: this.#file } }),
      })),
      ...(preferred !== undefined && { preferred_agent: preferred }),
      ...(review !== undefined && { review_below: review }),
    });
    let quoted: string | undefined;
    return async () => {
      if (next.quote === 'last') quoted ??= this.#lastQuote;
      if (next.quote === 'new') {
        quoted ??= (await quoteTask(market, this.#buyer, body, newId())).quote_id;
        this.#lastQuote = quoted;
      }
      await createTask(
        market,
        this.#buyer,
        { ...body, ...(quoted !== undefined && { quote_id: quoted }) },
        id,
      );
      if (quoted !== undefined) this.#count('posted with a quote');
    };
  }

  async #byAgent(next: Extract<Action, { item: number }>, id: string | undefined): Promise<unknown> {
    if (id === undefined) return;
    const posted = await this.market.tasks.get(id);
    if (posted?.status === 'created') await planTask(this.market, id);
    // Else few tasks of Duke MM would get as far as a review.
    if (posted?.assigned_agent_id === DUKE_MM_ID && next.item === 0) await this.#duke(id);
    const isReview = posted?.status === 'executing' && posted.review_state === 'open';
    const holder = this.#agents.find(
      (one) => one.id === (isReview ? posted.reviewer_id : posted?.assigned_agent_id),
    );
    const worker = this.#agents[next.agent] ?? holder ?? this.#agents[0]!;
    const confidence = MARKS[this.#agents.indexOf(worker)];
    // A reviewer has the first item, or all.
    const count = (isReview && posted.reviewer_id === worker.id && posted.review_item_count) || ITEMS.length;
    const answers = ITEMS.slice(0, count).map((_, i) => ({
      ...{ id: `item:${i + 1}`, prediction: 'spam', confidence },
    }));
    const inTime = this.#mustBeRefusedIfLate(worker, id);
    switch (next.do) {
      case 'start':
        return inTime(startTask(this.market, worker.id, id));
      case 'answer_one':
        return inTime(submit(this.market, worker, id, { items: [answers[next.item % count]] }));
      case 'answer_all':
        return inTime(submit(this.market, worker, id, { items: answers }));
      case 'answer_wrong':
        return submit(this.market, worker, id, { items: [{ id: `item:${next.item}`, prediction: 'eggs' }] });
      case 'give_up':
        return submit(this.market, worker, id, { success: false });
    }
  }

  /** Nobody starts or answers a task that it has not, or whose deadline has passed. */
  #mustBeRefusedIfLate(worker: TestAgent, id: string): <T>(work: Promise<T>) => Promise<T> {
    const now = this.market.clock().toISOString();
    const task = this.market.table.items.get(`${keys.task(id).pk} ${keys.task(id).sk}`);
    const unfinished = ['assigned', 'executing'].includes(String(task?.['status']));
    const late = unfinished && String(task?.['deadline_at']) <= now;
    const anothers = unfinished && task && !isWorkOf(task, worker.id);
    const ended = task?.['status'] === 'failed' || task?.['status'] === 'cancelled';
    return async (work) => {
      const answer = await work;
      if (ended || late) throw new Error(`${worker.name} worked on task ${id} after its end`);
      // It may be given to this one at the same moment; then it has it now.
      const { assigned_agent_id: holder, reviewer_id: reviewer } = (await this.market.tasks.get(id))!;
      if (anothers && ![holder, reviewer].includes(worker.id))
        throw new Error(`${worker.name} worked on a task of another`);
      return answer;
    };
  }

  async #byMarket(what: (typeof TASK_STEPS)[number], id: string | undefined): Promise<unknown> {
    const { market } = this;
    if (id === undefined) return;
    if (what === 'plan') return planTask(market, id);
    if (what === 'complete') return completeTask(market, id);
    if (what === 'cancel') return cancelTask(market, this.#buyer.userId, id);
    if (what === 'duke') return this.#duke(id);
    const posted = await market.tasks.get(id);
    if (posted?.status !== 'completed') return;
    const judged = { task_id: id, result_id: posted.result_id };
    if (what === 'weigh') return updateReputation(market, [judged]);
    const body: FeedbackBody =
      what === 'accept'
        ? { verdict: 'accept', corrections: [] }
        : { verdict: 'reject', corrections: [{ item_id: 'item:2', reason: 'no' }] };
    return giveFeedback(market, this.#buyer.userId, posted.result_id, body);
  }

  async #duke(id: string): Promise<void> {
    await planTask(this.market, id);
    for (const { message } of this.market.queue.splice(0)) await executeChunk(this.market, message, 1);
    // Opens a review where the buyer wants one.
    await completeTask(this.market, id);
  }

  async #sound(after: string): Promise<void> {
    await expectSound(this.market, [this.#buyer], after);
    await this.#books.check(after);
    await this.#loadsAreExact(after);
  }

  /** The load of each agent is the number of unfinished tasks that it has. */
  async #loadsAreExact(after: string): Promise<void> {
    const items = [...this.market.table.items.values()];
    for (const { id, name } of this.#agents) {
      const { load, free, capacity } = (await this.market.profiles.get(id))!;
      const tasks = items.filter((item) => isWorkOf(item, id)).length;
      const open = items.filter(
        (item) => item['entity'] === 'assignment' && item['agent_id'] === id && item['outcome'] === 'open',
      ).length;
      if (load !== tasks || open !== tasks || load + free !== capacity) {
        throw new Error(
          `${name}: load ${load}, free ${free} of ${capacity}, ${open} open, ${tasks} tasks, after ${after}`,
        );
      }
    }
  }
}
