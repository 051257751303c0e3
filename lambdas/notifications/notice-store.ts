import { Notice } from '../../contracts/entities/notice.ts';
import {
  allShards,
  indexKeys,
  INDEXES,
  keys,
  PENDING_NOTICE_PREFIX,
  shardOf,
} from '../../contracts/naming.ts';
import { DAY, later, MINUTE } from '../shared/clock.ts';
import { parseRecord, record, ttlSeconds } from '../shared/stores/records.ts';
import { ConditionFailed, succeeds } from '../shared/stores/table.ts';
import type { Table } from '../shared/stores/table.ts';

/** How long an event that comes again is known to have caused its notice. */
const REMEMBERED = 30 * DAY;
/** A claim of a worker that crashed is void after this time: above the timeout of the worker. */
const CLAIM_MS = 5 * MINUTE;
/** Of one user that are looked at in one go. */
const MAX_PENDING = 100;

/** Notices that wait to be sent. */
export interface NoticeStore {
  /** Stores a notice once, however often its event comes. @returns false if it was stored before */
  create(notice: Notice): Promise<boolean>;
  /** Notices of a user that are due, oldest first. */
  due(userId: string, now: Date): Promise<Notice[]>;
  /** Ids of users with notices that are due. */
  usersWithDue(now: Date): Promise<string[]>;
  /** Takes a notice for sending. @returns false if another worker has it or it was sent */
  claim(notice: Notice, now: Date): Promise<boolean>;
  /** Gives a claimed notice back after a failure. */
  release(notice: Notice): Promise<void>;
  /** Makes a notice due at another time. */
  postpone(notice: Notice, until: Date): Promise<void>;
  /** Removes a notice that was sent or is not true any more. */
  remove(notice: Notice): Promise<void>;
}

const place = (notice: Pick<Notice, 'id' | 'user_id' | 'due_at'>) =>
  indexKeys.dueNotice(shardOf(notice.user_id), notice.due_at, notice.user_id, notice.id);

export function noticeStore(table: Table): NoticeStore {
  const key = ({ user_id, id }: Notice) => keys.pendingNotice(user_id, id);
  /** A notice that another worker has removed meanwhile is not put back. */
  const update = (notice: Notice, set: Readonly<Record<string, unknown>>, remove: readonly string[] = []) =>
    succeeds(
      table.write({
        update: key(notice),
        set,
        remove,
        when: [{ attribute: 'pk', is: 'present' }],
      }),
    );
  return {
    async create(notice) {
      const ttl = ttlSeconds(new Date(Date.parse(notice.created_at) + REMEMBERED));
      const marker = record('notice_created', keys.notice(notice.user_id, notice.id), { ttl });
      try {
        await table.transact([
          { put: marker, when: [{ attribute: 'pk', is: 'absent' }] },
          { put: record('notice', key(notice), notice, { due: place(notice) }) },
        ]);
        return true;
      } catch (error) {
        if (error instanceof ConditionFailed) return false;
        throw error;
      }
    },
    async due(userId, now) {
      const { pk } = keys.pendingNotice(userId, '');
      const items = await table.query({
        pk,
        prefix: PENDING_NOTICE_PREFIX,
        limit: MAX_PENDING,
        consistent: true,
      });
      return items
        .map((item) => parseRecord(Notice, item))
        .filter(({ due_at }) => due_at <= now.toISOString())
        .toSorted((a, b) => a.due_at.localeCompare(b.due_at));
    },
    async usersWithDue(now) {
      const users = new Set<string>();
      for (const shard of allShards()) {
        const entries = await table.query({
          index: 'due',
          pk: indexKeys.dueNotice(shard, '', '', '').pk,
          upTo: `${now.toISOString()}~`,
          limit: MAX_PENDING,
        });
        for (const entry of entries) users.add(String(entry[`${INDEXES.due}sk`]).split('#')[1]!);
      }
      return [...users];
    },
    claim: (notice, now) =>
      succeeds(
        table.write({
          update: key(notice),
          set: { claimed_at: now.toISOString() },
          add: { attempts: 1 },
          when: [
            { attribute: 'pk', is: 'present' },
            { attribute: 'due_at', is: 'equal', value: notice.due_at },
            { attribute: 'claimed_at', is: 'absent_or_at_most', value: later(now, -CLAIM_MS) },
          ],
        }),
      ),
    async release(notice) {
      await update(notice, {}, ['claimed_at']);
    },
    async postpone(notice, until) {
      const due_at = until.toISOString();
      const { pk, sk } = place({ ...notice, due_at });
      await update(notice, { due_at, [`${INDEXES.due}pk`]: pk, [`${INDEXES.due}sk`]: sk });
    },
    async remove(notice) {
      await table.write({ delete: key(notice) });
    },
  };
}
