import type { CreateTaskBody } from '../../contracts/api/task-bodies.ts';
import type { TaskView } from '../../contracts/api/tasks.ts';
import type { Task, TaskIn } from '../../contracts/entities/task.ts';
import type { TaskInputs } from '../../contracts/entities/inline-item.ts';
import { DukeError } from '../../contracts/errors.ts';
import { objects } from '../../contracts/naming.ts';
import type { Caller } from '../shared/http/caller.ts';
import { later, MINUTE } from '../shared/clock.ts';
import { DUKE_MM_ID } from '../../contracts/entities/common.ts';
import { canonicalJson, sha256 } from '../shared/ids.ts';
import { logger } from '../shared/logger.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { FileReference, FileStore } from '../shared/stores/file-store.ts';
import { useQuoteStep } from '../shared/stores/quote-store.ts';
import type { RecallStore } from '../shared/stores/recall-store.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';
import type { WalletStore } from '../shared/stores/wallet-store.ts';
import { MAX_CHUNK_ITEMS } from './chunks.ts';
import { holdSteps } from './escrow.ts';
import { expandInline } from './expand-inline.ts';
import { fileReferences } from './file-references.ts';
import type { Measure } from './measure.ts';
import { offersFor, quoteFault } from './offers.ts';
import type { Offer, OfferDependencies, Offers } from './offers.ts';
import { checkPosting } from './posting.ts';
import { assignedTask, chunkMessages, writeChunks } from './task-plan.ts';
import type { EnqueueChunks } from './task-plan.ts';
import { taskView } from './task-view.ts';

export interface CreateTaskDependencies extends OfferDependencies {
  readonly tasks: TaskStore;
  readonly files: FileStore;
  readonly recalls: RecallStore;
  readonly wallets: WalletStore;
  readonly work: ObjectStore;
  readonly enqueue: EnqueueChunks;
  /** Minutes within which Duke MM must deliver. */
  readonly deadlineMinutes: number;
  /** Minutes within which a registered agent must deliver. */
  readonly agentDeadlineMinutes: number;
}

/** `assigned` if it was split while it was posted. */
type NewTask = TaskIn<'created' | 'assigned'>;

/**
 * Posts a task. Record and escrow hold are written in one transaction.
 * @param id derived from the Idempotency-Key, so that a retry after a crash finds the task of the first attempt
 * @throws DukeError insufficient_funds, file_not_usable, no_items, complexity_too_low, no_agent_available …
 */
export async function createTask(
  deps: CreateTaskDependencies,
  buyer: Caller,
  body: CreateTaskBody,
  id: string,
): Promise<TaskView> {
  const requestHash = sha256(canonicalJson(body));
  const existing = await deps.tasks.get(id, { consistent: true });
  if (existing) return replay(existing, requestHash);

  const used = fileReferences(body);
  try {
    return await post(deps, buyer, body, id, used, requestHash);
  } catch (error) {
    if (error instanceof DukeError) await releaseUnlessStored(deps, used, id);
    throw error;
  }
}

/** Releases the files of a rejected request, unless an earlier request stored a task under this id, which uses them. */
async function releaseUnlessStored(
  deps: CreateTaskDependencies,
  files: readonly FileReference[],
  taskId: string,
): Promise<void> {
  if (await deps.tasks.get(taskId, { consistent: true })) return;
  const ids = files.map((file) => file.id);
  await deps.files.release(ids, taskId);
}

async function post(
  deps: CreateTaskDependencies,
  buyer: Caller,
  body: CreateTaskBody,
  id: string,
  used: readonly FileReference[],
  requestHash: string,
): Promise<TaskView> {
  const now = deps.clock();
  const at = now.toISOString();
  const { measure, family } = await checkPosting(deps, buyer.userId, body, used);
  const offers = await offersFor(deps, buyer.userId, body, { kind: measure.kind, family });
  const unassigned = ({ chosen, price, record }: Offer): TaskIn<'created'> => ({
    id,
    buyer_id: buyer.userId,
    description: body.description,
    complexity: body.complexity,
    kind: measure.kind,
    ...(measure.kindReason !== undefined && { kind_reason: measure.kindReason }),
    ...(measure.answerForm && { answer_form: measure.answerForm }),
    ...(body.missing && { missing: body.missing }),
    ...(measure.labels && { labels: measure.labels }),
    ...measure.labelOptions,
    ...(body.target !== undefined && { target: body.target }),
    family,
    files: body.files,
    item_count: measure.itemCount,
    example_count: measure.exampleCount,
    assigned_agent: chosen.agent_name,
    assigned_agent_id: chosen.agent_id,
    price_satoshis: price,
    reputation_bp: chosen.reputation_bp,
    selection: record,
    ...(body.quote_id !== undefined && { quote_id: body.quote_id }),
    ...(body.review_below !== undefined && { review_below: body.review_below }),
    ...(body.output_columns && { output_columns: body.output_columns }),
    allow_training: body.allow_training,
    review_window_hours: body.review_window_hours,
    request_hash: requestHash,
    created_at: at,
    updated_at: at,
    deadline_at: later(now, minutesFor(deps, chosen.agent_id) * MINUTE),
    status: 'created',
    settlement: 'held',
  });
  // All validation is done; nothing has been written before this line.
  await deps.files.use(used, buyer.userId, id, at);
  const inputs: TaskInputs = { items: body.items, examples: body.examples };
  const [split] = await Promise.all([
    isSplitAtOnce(used, measure) ? splitInline(deps.work, unassigned(offers.first), inputs) : undefined,
    deps.work.put(objects.taskInputs(id), JSON.stringify(inputs), 'application/json'),
  ]);
  return storeWithAgent(deps, offers, async (offer) =>
    split ? assignedTask(deps, unassigned(offer), split, at) : unassigned(offer),
  );
}

/** A task of one chunk without files is split by its own request, so that its agent has it at once; others by `tasks/plan`. */
const isSplitAtOnce = (used: readonly FileReference[], { kind, itemCount }: Measure): boolean =>
  used.length === 0 && itemCount <= MAX_CHUNK_ITEMS[kind];

async function splitInline(work: ObjectStore, task: TaskIn<'created'>, inputs: TaskInputs) {
  const mediumOf = (id: string): never => {
    throw new Error(`task ${task.id} names the file ${id}`);
  };
  return writeChunks(work, task, expandInline({ task, inputs, mediumOf }));
}

/** If this fails, the chunk is queued by `tasks/plan`, which learns of the stored task from its event. */
async function enqueueAtOnce(deps: CreateTaskDependencies, task: TaskIn<'assigned'>): Promise<void> {
  try {
    await deps.enqueue(chunkMessages(task), 0);
  } catch (error) {
    logger.warn('chunk is left to the planner', { error: error as Error, task_id: task.id });
  }
}

const minutesFor = (deps: CreateTaskDependencies, agentId: string): number =>
  agentId === DUKE_MM_ID ? deps.deadlineMinutes : deps.agentDeadlineMinutes;

/**
 * Stores the task with the first agent that can take it: since the candidates were read, an agent may have filled up,
 * paused or been disabled. Duke MM can always take it.
 */
async function storeWithAgent(
  deps: CreateTaskDependencies,
  offers: Offers,
  taskFor: (offer: Offer) => Promise<NewTask>,
): Promise<TaskView> {
  for (let offer = offers.first; ;) {
    const task = await taskFor(offer);
    const at = task.created_at;
    const quote = task.quote_id === undefined ? undefined : useQuoteStep(task.quote_id, task.id, at);
    const outcome = await deps.tasks.create(task, holdSteps(task, at), quote);
    switch (outcome) {
      case 'created':
        if (task.status === 'assigned') await enqueueAtOnce(deps, task);
        return taskView(task);
      case 'agent_unavailable':
        offer = await offers.without(task.assigned_agent_id);
        break;
      case 'quote_stale':
        throw await staleQuote(deps, task);
      case 'exists': {
        const stored = await deps.tasks.get(task.id, { consistent: true });
        if (!stored) throw new Error(`task ${task.id} exists and cannot be read`);
        return replay(stored, task.request_hash);
      }
      case 'unfunded':
        throw await unfunded(deps, task);
    }
  }
}

async function staleQuote(deps: CreateTaskDependencies, task: NewTask): Promise<DukeError> {
  const quote = await deps.quotes.get(task.quote_id!);
  return quoteFault(quote, task.created_at) ?? new DukeError('quote_used', 'Ask for a new quote.');
}

async function unfunded(deps: CreateTaskDependencies, task: NewTask): Promise<DukeError> {
  const { balance_satoshis: balance } = await deps.wallets.get(task.buyer_id);
  return new DukeError(
    'insufficient_funds',
    `The task costs ${grouped(task.price_satoshis)} satoshis, you can spend ${grouped(balance)}.`,
  );
}

const grouped = (satoshis: number): string => satoshis.toLocaleString('en');

/** Answers a repeated request with the stored task. @throws DukeError idempotency_key_reused if the body differs */
function replay(task: Task, requestHash: string): TaskView {
  if (task.request_hash === requestHash) return taskView(task);
  throw new DukeError(
    'idempotency_key_reused',
    'This key created another task; use a new key for a new request.',
  );
}
