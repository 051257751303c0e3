import type * as z from 'zod';
import type { Key } from '../../../contracts/naming.ts';
import { INDEXES } from '../../../contracts/naming.ts';
import type { Item } from './table.ts';

/** Entity names: the attribute `entity`, by which the stream router distinguishes items. */
export type EntityName =
  | 'user' | 'agent_name' | 'registration' | 'denied' | 'file' | 'file_use' | 'task' | 'chunk' | 'result' | 'wallet' | 'entry'
  | 'movement' | 'agent_stats' | 'agent_profile' | 'family_record' | 'assignment' | 'draft' | 'quote' | 'agent_day' | 'judged' | 'training_shard' | 'training_progress' | 'training_state' | 'training_lock'
  | 'recall' | 'trigger' | 'run' | 'model' | 'routing' | 'promotion' | 'last_version' | 'cursor_key' | 'session'
  | 'event' | 'newest_event' | 'live_ticket' | 'live_connection' | 'user_connection' | 'login_attempts' | 'audit' | 'figures' | 'counted' | 'open_tasks' | 'open_task'
  | 'notification_settings' | 'notice' | 'notice_created'
  | 'shadow_trial' | 'newest_trials' | 'trial_buyer' | 'trial_counted'; // prettier-ignore

const STORAGE_ATTRIBUTES = new Set([
  'pk',
  'sk',
  'entity',
  'ttl',
  ...Object.values(INDEXES).flatMap((index) => [`${index}pk`, `${index}sk`]),
]);

type IndexKeys = Partial<Record<keyof typeof INDEXES, Key>>;

/** Attributes that put an item into secondary indexes. */
export const indexed = (indexes: IndexKeys): Item =>
  Object.fromEntries(
    Object.entries(indexes).flatMap(([index, key]) => {
      const name = INDEXES[index as keyof typeof INDEXES];
      return [
        [`${name}pk`, key.pk],
        [`${name}sk`, key.sk],
      ];
    }),
  );

/** Attributes to remove when an item leaves an index. */
export const unindexed = (index: keyof typeof INDEXES): string[] => [
  `${INDEXES[index]}pk`,
  `${INDEXES[index]}sk`,
];

export const record = (entity: EntityName, key: Key, data: Item, indexes: IndexKeys = {}): Key & Item => ({
  ...data,
  ...indexed(indexes),
  ...key,
  entity,
});

/**
 * Parses an item without its storage attributes. @throws ZodError for a record that does not match its schema, which
 * is a defect
 */
export const parseRecord = <S extends z.ZodType>(schema: S, item: Item): z.output<S> =>
  schema.parse(Object.fromEntries(Object.entries(item).filter(([name]) => !STORAGE_ATTRIBUTES.has(name))));

/** A time as DynamoDB's time to live needs it: seconds since 1970. */
export const ttlSeconds = (at: Date): number => Math.floor(at.getTime() / 1000);
