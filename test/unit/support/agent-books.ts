import { DUKE_MM_ID } from '../../../contracts/duke-mm.ts';
import type { Item } from '../../../lambdas/shared/stores/table.ts';
import { entries } from './marketplace.ts';
import type { Marketplace } from './marketplace.ts';

/** The rules of product.md, written again and not imported, so that a fault in the product's own cannot hide itself. */
const LOWEST = 12_000;
const HIGHEST = 20_000;
const PRIOR = { duke: 0.9, agent: 0.7 };
const PSEUDO_TASKS = 10;
const MAX_PER_BUYER = 10;
const MAX_AGENTS = 3;
const ASSEMBLY_MS = 10 * 60_000;
const UNFINISHED = ['created', 'assigned', 'executing'];

type Snapshot = ReadonlyMap<string, { readonly attempt: number; readonly price: number }>;

const of = (item: Item | undefined, name: string): string => String(item?.[name]);
const attemptOf = (task: Item): number => Number(task['attempt'] ?? 1);

/**
 * Checks what the table says of agents' work against rules of its own: prices, who is paid, who may answer, reputation.
 * One buyer posts all tasks.
 */
export class AgentBooks {
  readonly #market: Marketplace;
  /** The confidences that each agent gives with its answers, which mark them as its own. */
  readonly #marks: ReadonlyMap<string, readonly number[]>;
  #before: Snapshot = new Map();
  #bases: number[];

  constructor(market: Marketplace, marks: ReadonlyMap<string, readonly number[]>) {
    this.#market = market;
    this.#marks = marks;
    this.#bases = [market.basePriceSatoshis];
  }

  /** @throws Error that names what is wrong and after what */
  async check(after: string): Promise<void> {
    const items = [...this.#market.table.items.values()];
    const kind = (entity: string) => items.filter((item) => item['entity'] === entity);
    const must = (holds: boolean, what: string): void => {
      if (!holds) throw new Error(`${what}, after ${after}`);
    };
    this.#bases = [...this.#bases.slice(-1), this.#market.basePriceSatoshis];
    const tasks = kind('task');
    const assignments = Map.groupBy(kind('assignment'), (item) => of(item, 'task_id'));
    const quotes = new Map(kind('quote').map((item) => [of(item, 'id'), Number(item['price_satoshis'])]));
    const results = new Map(kind('result').map((item) => [of(item, 'task_id'), item]));
    for (const task of tasks) {
      const id = of(task, 'id');
      this.#price(task, quotes.get(of(task, 'quote_id')), must);
      exclusive(task, assignments.get(id) ?? [], must);
      this.#paid(task, results.get(id), must);
      const result = results.get(id);
      if (result) await this.#answersAreIts(result, must);
    }
    this.#reputation(kind, results, must);
    missedInARow(kind('agent_profile'), kind('assignment'), must);
    this.#before = new Map(
      tasks.map((task) => [
        of(task, 'id'),
        { attempt: attemptOf(task), price: Number(task['price_satoshis']) },
      ]),
    );
  }

  /** After a sweep: no unfinished task is past its deadline, but those whose answers are being assembled. */
  nothingIsOverdue(after: string): void {
    const now = this.#market.clock();
    for (const task of this.#market.table.items.values()) {
      if (task['entity'] !== 'task' || !UNFINISHED.includes(of(task, 'status'))) continue;
      const answered =
        task['status'] === 'executing' && task['chunks_left'] === 0 && task['review_state'] !== 'open';
      const end = Date.parse(of(task, 'deadline_at')) + (answered ? ASSEMBLY_MS : 0);
      if (end <= now.getTime()) throw new Error(`task ${of(task, 'id')} is overdue, after ${after}`);
    }
  }

  /** Fixed when posted, by the quote if there is one; when the task moves, the lower of the old price and the new agent's. */
  #price(task: Item, quoted: number | undefined, must: Must): void {
    const before = this.#before.get(of(task, 'id'));
    const price = Number(task['price_satoshis']);
    const own = this.#bases.map((base) =>
      Math.floor((base * Number(task['complexity']) * Number(task['reputation_bp'])) / 10_000),
    );
    const id = of(task, 'id');
    if (!before && attemptOf(task) === 1)
      must(
        quoted === undefined ? own.includes(price) : price <= quoted,
        `task ${id} costs ${price}, not ${quoted ?? own[0]}`,
      );
    if (!before) return;
    if (before.attempt === attemptOf(task)) must(price === before.price, `the price of ${id} changed`);
    // Two moves in one step: the lower of all is not known here, but it never rises.
    must(price <= before.price, `the price of ${id} rose from ${before.price} to ${price}`);
    if (attemptOf(task) === before.attempt + 1)
      must(
        quoted !== undefined || own.some((each) => price === Math.min(before.price, each)),
        `task ${id} costs ${price}, not the lower of ${before.price} and ${own[0]}`,
      );
  }

  /**
   * The agent that delivered gets the price less the refused share, a reviewer the part of the items that it answered less their
   * refused share; the buyer the rest; nobody else anything.
   */
  #paid(task: Item, result: Item | undefined, must: Must): void {
    const id = of(task, 'id');
    const legs = entries(this.#market).filter(({ movement_id }) => movement_id === `SETTLE#${id}`);
    const price = Number(task['price_satoshis']);
    const sums = new Map<string, number>();
    for (const { account, amount_satoshis: amount } of legs)
      sums.set(account, (sums.get(account) ?? 0) + amount);
    const buyer = `user:${of(task, 'buyer_id')}`;
    const expected = new Map<string, number>();
    if (task['settlement'] !== 'held') {
      expected.set(`${buyer}:held`, -price);
      if (!result) expected.set(`${buyer}:available`, price);
      for (const { agentId, part, refused, items } of result ? partsOf(result, price) : []) {
        const refund = items === 0 ? 0 : Math.floor((part * refused) / items);
        expected.set(`${buyer}:available`, (expected.get(`${buyer}:available`) ?? 0) + refund);
        expected.set(agentId === DUKE_MM_ID ? 'agent:duke-mm' : `user:${agentId}:available`, part - refund);
      }
    }
    for (const account of new Set([...sums.keys(), ...expected.keys()]))
      must(
        (sums.get(account) ?? 0) === (expected.get(account) ?? 0),
        `settling ${id} moved ${sums.get(account) ?? 0} on ${account}, not ${expected.get(account) ?? 0}`,
      );
  }

  /** Every delivered answer was given by the agent that delivered, while it had the task. */
  async #answersAreIts(result: Item, must: Must): Promise<void> {
    const [own, reviewer] = ['agent_id', 'reviewer_id'].map((who) => this.#marks.get(of(result, who)));
    let reviewed = 0;
    for (const { key } of result['parts'] as { key: string }[]) {
      const lines = (await this.#market.work.text(key)).trim().split('\n');
      for (const line of lines) {
        const { confidence } = JSON.parse(line) as { confidence: number };
        const isReviewers = reviewer?.includes(confidence) === true;
        if (isReviewers) reviewed += 1;
        must(
          isReviewers || own?.includes(confidence) === true,
          `an answer of ${of(result, 'agent_name')} is of another (${confidence})`,
        );
      }
    }
    must(
      reviewed === Number(result['review_item_count'] ?? 0),
      `${reviewed} answers of the result of task ${of(result, 'task_id')} are the reviewer's`,
    );
  }

  #reputation(kind: (entity: string) => Item[], results: ReadonlyMap<string, Item>, must: Must): void {
    const counted = new Set(kind('judged').map((item) => `${of(item, 'pk')} ${of(item, 'sk')}`));
    const judged = [...results.values()].flatMap((result) =>
      partsOf(result, 0).filter(
        ({ items, marker }) => items > 0 && counted.has(`TASK#${of(result, 'task_id')} ${marker}`),
      ),
    );
    const byAgent = Map.groupBy(judged, ({ agentId }) => agentId);
    const stats = new Map(kind('agent_stats').map((item) => [of(item, 'agent_id'), item]));
    for (const [agentId, ofAgent] of byAgent) {
      const bp = expectedReputation(agentId, ofAgent);
      const stored = stats.get(agentId);
      must(
        stored?.['reputation_bp'] === bp,
        `reputation of ${agentId} is ${of(stored, 'reputation_bp')}, not ${bp}`,
      );
      must(stored?.['judged_total'] === ofAgent.length, `${agentId} was judged ${ofAgent.length} times`);
      if (agentId === DUKE_MM_ID) continue;
      const profile = kind('agent_profile').find((item) => item['agent_id'] === agentId);
      must(profile?.['reputation_bp'] === bp, `the profile of ${agentId} has another reputation than ${bp}`);
      must(profile?.['judged_total'] === ofAgent.length, `the profile of ${agentId} counts other verdicts`);
      const families = kind('family_record').filter((item) => item['agent_id'] === agentId);
      const shares = ofAgent.reduce((sum, part) => sum + Math.round(shareOf(part) * 10_000), 0);
      const recorded = families.reduce((sum, item) => sum + Number(item['share_bp']), 0);
      must(recorded === shares, `the families of ${agentId} hold ${recorded}, not ${shares}`);
    }
  }
}

type Must = (holds: boolean, what: string) => void;

/** One agent has a task at a time, none twice, three at most. */
function exclusive(task: Item, assignments: readonly Item[], must: Must): void {
  const id = of(task, 'id');
  const open = assignments.filter((item) => item['outcome'] === 'open').map((item) => of(item, 'agent_id'));
  const holds = UNFINISHED.includes(of(task, 'status')) && task['assigned_agent_id'] !== DUKE_MM_ID;
  const reviews = task['status'] === 'executing' && task['review_state'] === 'open';
  const wanted = holds ? [of(task, 'assigned_agent_id')] : reviews ? [of(task, 'reviewer_id')] : [];
  must(
    JSON.stringify(open) === JSON.stringify(wanted),
    `task ${id} is with ${open.join()}, not ${wanted.join()}`,
  );
  const tried = [...((task['tried_agent_ids'] as string[] | undefined) ?? []), of(task, 'assigned_agent_id')];
  must(new Set(tried).size === tried.length, `an agent had task ${id} twice`);
  must(tried.length <= MAX_AGENTS, `${tried.length} agents had task ${id}`);
  must(attemptOf(task) === tried.length, `task ${id} is at attempt ${attemptOf(task)}`);
  const delivered = assignments.filter((item) => item['outcome'] === 'delivered');
  const byAgent = task['status'] === 'completed' && task['assigned_agent_id'] !== DUKE_MM_ID;
  const reviewed = task['review_state'] === 'answered';
  // A review may have been answered before the task moved on from Duke MM, because nothing assembled its result.
  const earlier = tried.slice(0, -1).includes(DUKE_MM_ID) ? 1 : 0;
  const extra = delivered.length - (byAgent ? 1 : 0) - (reviewed ? 1 : 0);
  must(extra >= 0 && extra <= earlier, `task ${id} was delivered ${delivered.length} times`);
}

/** What one agent did of a task. */
interface Part {
  readonly agentId: string;
  readonly result: Item;
  readonly part: number;
  readonly items: number;
  readonly refused: number;
  /** Sort key of the record that its verdict was counted. */
  readonly marker: string;
}

/** The parts of a delivered task, which divide its price by their items, the reviewer's rounded down. */
function partsOf(result: Item, price: number): Part[] {
  const feedback = result['feedback'] as { refused_count: number; review_refused_count?: number } | undefined;
  const items = Number(result['item_count']);
  const reviewed = Number(result['review_item_count'] ?? 0);
  const reviewRefused = feedback?.review_refused_count ?? 0;
  const part = Math.floor((price * reviewed) / items);
  const own: Part = {
    agentId: of(result, 'agent_id'),
    result,
    part: price - part,
    items: items - reviewed,
    refused: (feedback?.refused_count ?? 0) - reviewRefused,
    marker: 'JUDGED',
  };
  if (result['reviewer_id'] === undefined) return [own];
  return [
    own,
    {
      agentId: of(result, 'reviewer_id'),
      result,
      part,
      items: reviewed,
      refused: reviewRefused,
      marker: 'JUDGED#REVIEW',
    },
  ];
}

const shareOf = ({ refused, items }: Part): number => 1 - refused / items;

/** 1.2 + (rate − 0.7) × 4 of the last ten tasks that one buyer judged, with ten pseudo-tasks. */
function expectedReputation(agentId: string, judged: readonly Part[]): number {
  const order = ({ result }: Part) => `${of(result, 'judged_at')} ${of(result, 'task_id')}`;
  const last = [...judged].sort((a, b) => (order(a) < order(b) ? -1 : 1)).slice(-MAX_PER_BUYER);
  const prior = agentId === DUKE_MM_ID ? PRIOR.duke : PRIOR.agent;
  const sum = last.reduce((total, part) => total + shareOf(part), 0);
  const rate = (sum + PSEUDO_TASKS * prior) / (last.length + PSEUDO_TASKS);
  return Math.min(HIGHEST, Math.max(LOWEST, Math.round(LOWEST + (rate - 0.7) * 40_000)));
}

/** Tasks lost by silence since the last delivered one; those of the same moment may have come before or after it. */
function missedInARow(profiles: readonly Item[], assignments: readonly Item[], must: Must): void {
  for (const profile of profiles) {
    const mine = assignments.filter((item) => item['agent_id'] === profile['agent_id']);
    const ends = (outcome: string) =>
      mine.filter((item) => item['outcome'] === outcome).map((item) => of(item, 'ended_at'));
    const last = ends('delivered').sort().at(-1) ?? '';
    const missed = Number(profile['missed_in_a_row']);
    const least = ends('missed').filter((at) => at > last).length;
    const most = ends('missed').filter((at) => at >= last).length;
    must(
      missed >= least && missed <= most,
      `${of(profile, 'agent_name')} missed ${missed}, not ${least}..${most}`,
    );
  }
}
