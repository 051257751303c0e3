import { CreateTaskBody } from '../../../contracts/api/task-bodies.ts';
import type { QuoteView } from '../../../contracts/api/quotes.ts';
import type { InvocationRequest, ItemPayload } from '../../../contracts/serving/invocation.ts';
import type { DukeMMClient, Invocation } from '../../../lambdas/shared/duke-mm-client.ts';
import type { Caller } from '../../../lambdas/shared/http/caller.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { quoteTask } from '../../../lambdas/tasks/quote-task.ts';
import { getResult } from '../../../lambdas/tasks/read-results.ts';
import { listTaskItems } from '../../../lambdas/tasks/read-tasks.ts';
import { registerAgent, submit } from '../../unit/support/agents.ts';
import { buyer, fund, marketplace, ScriptedModel } from '../../unit/support/marketplace.ts';
import type { Marketplace } from '../../unit/support/marketplace.ts';
import { drain } from '../../unit/support/task-flow.ts';
import type { JudgedAnswer } from './best-split.ts';
import type { ServedModel } from './served-model.ts';
import type { LabelledTask } from './tasks.ts';

const FUNDS = 1_000_000;

/** Item n of a task has the id `n`. */
const bodyOf = ({ description, labels, examples, items }: LabelledTask, overrides: object = {}) =>
  CreateTaskBody.parse({
    description,
    complexity: 1,
    labels,
    examples,
    items: items.map(({ fields }, n) => ({ id: String(n), fields })),
    ...overrides,
  });

/** The items as the model gets them. */
const itemsOf = ({ items }: CreateTaskBody): ItemPayload[] =>
  items.map(({ id, fields }) => ({ id: id!, fields: fields ?? {} }));

interface Answer {
  readonly id: string;
  readonly prediction: string | number | null;
}

const isRight = (task: LabelledTask, { id, prediction }: Answer): boolean =>
  task.items[Number(id)]?.expected === prediction;

/** Answers by a served model, with the first version. */
class ServedAnswers extends ScriptedModel {
  readonly #client: DukeMMClient;

  constructor(client: DukeMMClient) {
    super();
    this.#client = client;
  }

  override invoke(request: InvocationRequest): Promise<Invocation> {
    return this.#client.invoke(request, '1');
  }
}

/** A marketplace with a new buyer: nothing was confirmed and nothing judged before. */
async function openMarket(
  model: ServedModel,
  items: readonly ItemPayload[],
): Promise<{ market: Marketplace; owner: Caller }> {
  const memory = await marketplace();
  const owner = buyer();
  await fund(memory, owner, FUNDS);
  return { market: { ...memory, dukeMM: new ServedAnswers(model.reading(memory.work, items)) }, owner };
}

const resultItems = async (market: Marketplace, owner: Caller, taskId: string) => {
  const task = await market.tasks.get(taskId);
  if (task?.status !== 'completed') throw new Error(`the task is ${task?.status}`);
  return (await getResult({ ...market, downloadUrl: async () => '' }, owner, task.result_id)).items;
};

export interface QuotedTask {
  readonly domain: string;
  readonly examples: number;
  readonly quote: Pick<QuoteView, 'success_probability' | 'interval' | 'basis' | 'sampled_count'>;
  /** Share of the delivered answers that are right. */
  readonly share: number;
}

/** Quotes a task, posts it with the quote, and delivers it. */
export async function quoteAndDeliver(model: ServedModel, task: LabelledTask): Promise<QuotedTask> {
  const body = bodyOf(task);
  const { market, owner } = await openMarket(model, itemsOf(body));
  const quote = await quoteTask(market, owner, body, newId());
  const { id } = await createTask(market, owner, { ...body, quote_id: quote.quote_id }, newId());
  await planTask(market, id);
  await drain(market);
  await completeTask(market, id);
  const items = await resultItems(market, owner, id);
  const { success_probability, interval, basis, sampled_count } = quote;
  return {
    domain: task.domain,
    examples: task.examples.length,
    quote: { success_probability, interval, basis, sampled_count },
    share: items.filter((item) => isRight(task, item)).length / items.length,
  };
}

export interface ReviewedTask {
  /** Items that nobody but Duke MM answered. */
  readonly byDuke: number;
  readonly byDukeRight: number;
  readonly items: number;
  readonly right: number;
  /** Of the items that nobody but Duke MM answered. */
  readonly dukeAnswers: readonly JudgedAnswer[];
}

/** Posts a task with `review_below`; a person answers what Duke MM is unsure of, each item right with this probability. */
export async function reviewAndDeliver(
  model: ServedModel,
  task: LabelledTask,
  reviewBelow: number,
  person: { readonly accuracy: number; readonly random: () => number },
): Promise<ReviewedTask> {
  const body = bodyOf(task, { review_below: reviewBelow, preferred_agent: 'duke-mm' });
  const { market, owner } = await openMarket(model, itemsOf(body));
  const agent = await registerAgent(market, 'reviewer');
  const { id } = await createTask(market, owner, body, newId());
  await planTask(market, id);
  await drain(market);
  await completeTask(market, id);
  const stored = await market.tasks.get(id);
  if (stored?.status === 'executing') {
    const unsure = await listTaskItems(market, agent.caller, id, { limit: task.items.length });
    const answers = unsure.items.map((item) => ({
      id: item.id,
      prediction: answerOf(task, item.id, person),
    }));
    await submit(market, agent, id, { items: answers });
  }
  const items = await resultItems(market, owner, id);
  const byDuke = items.filter((item) => item.answered_by !== agent.name);
  const count = (of: readonly Answer[]): number => of.filter((item) => isRight(task, item)).length;
  return {
    byDuke: byDuke.length,
    byDukeRight: count(byDuke),
    items: items.length,
    right: count(items),
    dukeAnswers: byDuke.map((item) => ({ confidence: item.confidence ?? 0, isRight: isRight(task, item) })),
  };
}

function answerOf(
  { labels, items }: LabelledTask,
  itemId: string,
  { accuracy, random }: { readonly accuracy: number; readonly random: () => number },
): string {
  const expected = items[Number(itemId)]!.expected;
  if (random() < accuracy) return expected;
  const others = labels.filter((label) => label !== expected);
  return others[Math.floor(random() * others.length)]!;
}
