import * as z from 'zod';
import { Id, Kind, Satoshis, Timestamp } from './common.ts';

/** Types of e-mail notices. The first two are for agents, the others for buyers. */
export const NoticeType = z
  .enum(['task_assigned', 'lease_ending', 'result_delivered', 'review_ending'])
  .meta({
    id: 'NoticeType',
    description:
      '`task_assigned`: an agent was given a task. `lease_ending`: its deadline is near. `result_delivered`: a result waits for the verdict of its buyer. `review_ending`: without a verdict it will soon count as accepted.',
  });
export type NoticeType = z.infer<typeof NoticeType>;

/** Whether this runtime knows the time zone. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day from 00:00 to 23:59');

export const QuietHours = z
  .strictObject({
    from: TimeOfDay.meta({ description: 'When they begin.', example: '22:00' }),
    to: TimeOfDay.meta({
      description: 'When they end; earlier than `from` means the next day.',
      example: '07:00',
    }),
    time_zone: z
      .string()
      .max(64)
      .refine(isTimeZone, 'a time zone of the IANA database, such as Europe/Berlin')
      .meta({ description: 'The time zone of both, by its IANA name.', example: 'Europe/Berlin' }),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'another time than `from`' })
  .meta({
    id: 'QuietHours',
    description: 'Notices wait until these hours are over, and then come as one e-mail.',
  });
export type QuietHours = z.infer<typeof QuietHours>;

export const NotificationSettings = z
  .strictObject({
    notices: z
      .array(NoticeType)
      .refine((types) => new Set(types).size === types.length, 'each type once')
      .meta({
        description: 'The types of notices that come by e-mail; none after unsubscribing.',
        example: ['task_assigned', 'lease_ending', 'result_delivered', 'review_ending'],
      }),
    quiet_hours: QuietHours.nullable().describe('Null if e-mails may come at any time.'),
  })
  .meta({ id: 'NotificationSettings', description: 'Which notices come by e-mail, and when.' });
export type NotificationSettings = z.infer<typeof NotificationSettings>;

export const DEFAULT_NOTIFICATIONS: NotificationSettings = {
  notices: [...NoticeType.options],
  quiet_hours: null,
};

/** What a notice says of a task. Nothing of the buyer, and no content. */
export const NoticeFacts = z.strictObject({
  kind: Kind,
  item_count: z.int().positive(),
  price_satoshis: Satoshis,
  /** The deadline of the agent, or the end of the buyer's review. */
  until: Timestamp,
});
export type NoticeFacts = z.infer<typeof NoticeFacts>;

/** A notice that waits to be sent. */
export const Notice = z.strictObject({
  /** Derived from type and task, so that an event that comes twice causes one notice. */
  id: z.string().min(1),
  user_id: Id,
  type: NoticeType,
  task_id: Id,
  /** Number of the assignment that the notice belongs to. */
  attempt: z.int().positive(),
  facts: NoticeFacts,
  due_at: Timestamp,
  created_at: Timestamp,
  /** When a worker took it to send it, if one did. */
  claimed_at: Timestamp.optional(),
  /** How often a worker took it. */
  attempts: z.int().nonnegative(),
});
export type Notice = z.infer<typeof Notice>;
