import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { DUKE_MM_ID } from '../../contracts/duke-mm.ts';
import { EVENTS } from '../../contracts/events/index.ts';
import type { EventDetail, EventType } from '../../contracts/events/index.ts';

export type DukeEvent = {
  readonly [T in EventType]: { readonly type: T; readonly detail: EventDetail<T> };
}[EventType];

type Image = Readonly<Record<string, unknown>>;
interface Change {
  readonly before: Image | undefined;
  readonly after: Image;
}

/** An event whose detail has only the fields of its contract, taken from the item. @throws ZodError */
function event<T extends EventType>(type: T, source: Image): DukeEvent {
  const names = Object.keys(EVENTS[type].shape);
  const detail = EVENTS[type].parse(Object.fromEntries(names.map((name) => [name, source[name]])));
  return { type, detail } as DukeEvent;
}

const turned = ({ before, after }: Change, attribute: string): boolean =>
  before !== undefined && before[attribute] !== after[attribute];

function taskEvents(change: Change): DukeEvent[] {
  const { before, after } = change;
  const source = { ...after, task_id: after['id'] };
  const chunksDone =
    after['status'] === 'executing' &&
    after['chunks_left'] === 0 &&
    (turned(change, 'chunks_left') ||
      (before?.['review_state'] === 'open' && turned(change, 'review_state')));
  // A reassigned task: the planner queues it if its new agent is Duke MM.
  const isForPlanner = !before || turned(change, 'attempt');
  const isUpdated =
    isAssignedAtOnce(change) || ['status', 'settlement', 'attempt'].some((name) => turned(change, name));
  const withdrawn = after['allow_training'] === false && turned(change, 'allow_training');
  return [
    ...(isForPlanner ? [event('task.created', source)] : []),
    ...assignedEvents(change),
    ...(isUpdated ? [event('task.updated', source)] : []),
    ...(chunksDone ? [event('task.chunks_done', source)] : []),
    ...(withdrawn ? [event('task.training_withdrawn', source)] : []),
  ];
}

/** A small task is stored with its chunks, as assigned. */
const isAssignedAtOnce = ({ before, after }: Change): boolean => !before && after['status'] === 'assigned';

/** A task whose items are ready and whose agent is new. Duke MM gets its work from its queue. */
function assignedEvents(change: Change): DukeEvent[] {
  const { after } = change;
  if (after['review_state'] === 'open' && turned(change, 'review_state')) return [reviewOpened(after)];
  const isNews = isAssignedAtOnce(change) || turned(change, 'status') || turned(change, 'attempt');
  if (after['status'] !== 'assigned' || !isNews || after['assigned_agent_id'] === DUKE_MM_ID) return [];
  const source = { ...after, task_id: after['id'], agent_id: after['assigned_agent_id'] };
  return [event('agent.assigned', { ...source, attempt: after['attempt'] ?? 1 })];
}

/** The unsure items of a task of Duke MM were assigned for review. */
const reviewOpened = (task: Image): DukeEvent =>
  event('agent.assigned', {
    ...task,
    task_id: task['id'],
    agent_id: task['reviewer_id'],
    attempt: task['attempt'] ?? 1,
    item_count: task['review_item_count'],
    price_satoshis: task['review_price_satoshis'],
    assigned_at: task['updated_at'],
  });

function resultEvents({ before, after }: Change): DukeEvent[] {
  const source = { ...after, result_id: after['id'] };
  if (!before) return [event('result.created', source)];
  const judged = before['verdict'] === 'pending' && after['verdict'] !== 'pending';
  return judged ? [event('result.judged', source)] : [];
}

/** An agent account was disabled or enabled, or lost the role of an agent. */
function userEvents(change: Change): DukeEvent[] {
  const { before, after } = change;
  if (before?.['user_type'] !== 'agent' && after['user_type'] !== 'agent') return [];
  const news = turned(change, 'is_active') || turned(change, 'user_type');
  return news ? [event('agent.account_changed', { agent_id: after['id'] })] : [];
}

/** Only the creation of a trigger is an event. */
const triggerEvents = ({ before, after }: Change): DukeEvent[] =>
  before ? [] : [event('training.triggered', after)];

function runEvents(change: Change): DukeEvent[] {
  const source = { ...change.after, run_id: change.after['id'] };
  const grew = (image: Image | undefined): number =>
    (image?.['curves'] as unknown[] | undefined)?.length ?? 0;
  const news = !change.before || turned(change, 'status') || grew(change.before) !== grew(change.after);
  return news ? [event('model.run.updated', source)] : [];
}

const imageOf = (image: NonNullable<DynamoDBRecord['dynamodb']>['NewImage']): Image | undefined =>
  image ? unmarshall(image as unknown as Record<string, AttributeValue>) : undefined;

/**
 * The events that follow from the change of one item. They hold ids and states, never content.
 * @throws Error for a record that no store can have written
 */
export function eventsOf(record: DynamoDBRecord): DukeEvent[] {
  const after = imageOf(record.dynamodb?.NewImage);
  if (!after) return [];
  const change = { before: imageOf(record.dynamodb?.OldImage), after };
  switch (after['entity']) {
    case 'task':
      return taskEvents(change);
    case 'result':
      return resultEvents(change);
    case 'trigger':
      return triggerEvents(change);
    case 'user':
      return userEvents(change);
    case 'wallet':
      return [event('wallet.updated', change.after)];
    case 'run':
      return runEvents(change);
    default:
      return [];
  }
}
