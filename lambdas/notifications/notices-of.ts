import type { EventDetail } from '../../contracts/events/index.ts';
import type { Notice, NoticeFacts, NoticeType } from '../../contracts/entities/notice.ts';
import type { TaskIn } from '../../contracts/entities/task.ts';
import { HOUR } from '../shared/clock.ts';

/** How long before its end a lease or a review is called to mind: two hours, or a quarter of it if that is less. */
const MAX_WARNING_MS = 2 * HOUR;
const warningOf = (from: string, until: string): string => {
  const length = Date.parse(until) - Date.parse(from);
  return new Date(Date.parse(until) - Math.min(MAX_WARNING_MS, length / 4)).toISOString();
};

interface Subject {
  readonly user_id: string;
  readonly task_id: string;
  readonly attempt: number;
  readonly facts: NoticeFacts;
}

const notice = (subject: Subject, type: NoticeType, due_at: string, created_at: string): Notice => ({
  ...subject,
  id: `${type}#${subject.task_id}#${subject.attempt}`,
  type,
  due_at,
  created_at,
  attempts: 0,
});

/** For the agent of an assignment: at once, and before its deadline. */
export function assignmentNotices(detail: EventDetail<'agent.assigned'>, now: Date): Notice[] {
  const at = now.toISOString();
  const subject: Subject = {
    user_id: detail.agent_id,
    task_id: detail.task_id,
    attempt: detail.attempt,
    facts: {
      kind: detail.kind,
      item_count: detail.item_count,
      price_satoshis: detail.price_satoshis,
      until: detail.deadline_at,
    },
  };
  return [
    notice(subject, 'task_assigned', at, at),
    notice(subject, 'lease_ending', warningOf(detail.assigned_at, detail.deadline_at), at),
  ];
}

/** For the buyer of a delivered task: at once, and before silence pays. */
export function deliveryNotices(task: TaskIn<'completed'>, now: Date): Notice[] {
  const at = now.toISOString();
  const subject: Subject = {
    user_id: task.buyer_id,
    task_id: task.id,
    attempt: task.attempt ?? 1,
    facts: {
      kind: task.kind,
      item_count: task.item_count,
      price_satoshis: task.price_satoshis,
      until: task.review_until,
    },
  };
  return [
    notice(subject, 'result_delivered', at, at),
    notice(subject, 'review_ending', warningOf(task.completed_at, task.review_until), at),
  ];
}
