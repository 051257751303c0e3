import type { CreateTaskBody, TaskView } from '../../contracts/api/tasks.ts';
import type { Candidate } from '../../contracts/entities/agent.ts';
import type { Task, TaskIn } from '../../contracts/entities/task.ts';
import { DukeError } from '../../contracts/errors.ts';
import { objects } from '../../contracts/naming.ts';
import type { Caller } from '../shared/http/caller.ts';
import type { Clock } from '../shared/clock.ts';
import { later, MINUTE } from '../shared/clock.ts';
import { DUKE_MM_ID } from '../../contracts/entities/common.ts';
import { canonicalJson, sha256 } from '../shared/ids.ts';
import type { ObjectStore } from '../shared/objects.ts';
import { questionOf } from '../shared/question.ts';
import type { FileReference, FileStore } from '../shared/stores/file-store.ts';
import type { RecallStore } from '../shared/stores/recall-store.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';
import type { WalletStore } from '../shared/stores/wallet-store.ts';
import { candidatesFor } from './candidates.ts';
import type { CandidateStores } from './candidates.ts';
import { assertDoable } from './doable.ts';
import { holdSteps } from './escrow.ts';
import { fileReferences } from './file-references.ts';
import { checkNumbers, familyOf, measureTask } from './measure.ts';
import { selectAgent } from './selection.ts';
import type { Selection } from './selection.ts';
import { taskView } from './task-view.ts';

export interface CreateTaskDependencies extends CandidateStores {
  readonly tasks: TaskStore;
  readonly files: FileStore;
  readonly recalls: RecallStore;
  readonly wallets: WalletStore;
  readonly work: ObjectStore;
  readonly clock: Clock;
  /** Price of complexity 1 at reputation 1.0, a setting of the stage. */
  readonly basePriceSatoshis: number;
  /** Minutes that Duke MM has to deliver. */
  readonly deadlineMinutes: number;
  /** Minutes that a registered agent has to deliver. */
  readonly agentDeadlineMinutes: number;
}

type Chosen = Extract<Selection, { chosen: unknown }>;

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
  const files = await deps.files.usable(used, buyer.userId);
  const attached = files.filter((file) => body.files.includes(file.id));
  const measure = measureTask(body, attached);
  assertDoable(body, attached, measure);
  const family = familyOf(buyer.userId, measure, body.target);
  if (measure.kind === 'regression') {
    const recall = await deps.recalls.of(questionOf({ ...body, family }));
    checkNumbers(measure, recall?.snapshot?.count ?? 0);
  }
  const candidates = await candidatesFor(deps, {
    kind: measure.kind,
    family,
    preferredAgent: body.preferred_agent,
  });
  const taskFor = ({ chosen, price, record }: Chosen): TaskIn<'created'> => ({
    id,
    buyer_id: buyer.userId,
    description: body.description,
    complexity: body.complexity,
    kind: measure.kind,
    ...(measure.kindReason !== undefined && { kind_reason: measure.kindReason }),
    ...(measure.answerForm && { answer_form: measure.answerForm }),
    ...(body.missing && { missing: body.missing }),
    ...(measure.labels && { labels: measure.labels }),
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
  const select = (from: readonly Candidate[]): Chosen =>
    chosenOf(
      selectAgent(from, {
        basePriceSatoshis: deps.basePriceSatoshis,
        kind: measure.kind,
        complexity: body.complexity,
        preferredAgent: body.preferred_agent,
        maxPriceSatoshis: body.max_price_satoshis,
      }),
    );
  select(candidates);
  // All validation is done; nothing has been written before this line.
  await deps.files.use(used, buyer.userId, id, at);
  await deps.work.put(
    objects.taskInputs(id),
    JSON.stringify({ items: body.items, examples: body.examples }),
    'application/json',
  );
  return storeWithAgent(deps, candidates, (from) => taskFor(select(from)));
}

/** @throws DukeError no_agent_available */
function chosenOf(selection: Selection): Chosen {
  if ('chosen' in selection) return selection;
  throw new DukeError('no_agent_available', `No agent for this task: ${selection.refusedBecause}.`);
}

const minutesFor = (deps: CreateTaskDependencies, agentId: string): number =>
  agentId === DUKE_MM_ID ? deps.deadlineMinutes : deps.agentDeadlineMinutes;

/**
 * Stores the task with the first agent that can take it: one may have filled up, paused or been disabled since the
 * candidates were read. Duke MM can always take it.
 */
async function storeWithAgent(
  deps: CreateTaskDependencies,
  candidates: readonly Candidate[],
  taskFor: (candidates: readonly Candidate[]) => TaskIn<'created'>,
): Promise<TaskView> {
  let left = candidates;
  for (;;) {
    const task = taskFor(left);
    const outcome = await deps.tasks.create(task, holdSteps(task, task.created_at));
    switch (outcome) {
      case 'created':
        return taskView(task);
      case 'agent_unavailable':
        left = left.filter(({ agent_id }) => agent_id !== task.assigned_agent_id);
        break;
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

async function unfunded(deps: CreateTaskDependencies, task: TaskIn<'created'>): Promise<DukeError> {
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
