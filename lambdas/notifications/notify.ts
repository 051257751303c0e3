import type { EventDetail } from '../../contracts/events/index.ts';
import type { Notice } from '../../contracts/entities/notice.ts';
import { assignmentNotices, deliveryNotices } from './notices-of.ts';
import { sendDueNotices } from './send-notices.ts';
import type { SendDependencies } from './send-notices.ts';

/** Tells an agent of its new task. Idempotent. */
export async function notifyOfAssignment(
  deps: SendDependencies,
  detail: EventDetail<'agent.assigned'>,
): Promise<void> {
  await record(deps, assignmentNotices(detail, deps.clock()));
  await sendDueNotices(deps, detail.agent_id);
}

/** Tells a buyer of a delivered result. Idempotent. */
export async function notifyOfDelivery(
  deps: SendDependencies,
  { task_id, buyer_id }: EventDetail<'result.created'>,
): Promise<void> {
  const task = await deps.tasks.get(task_id, { consistent: true });
  if (task?.status !== 'completed') return;
  await record(deps, deliveryNotices(task, deps.clock()));
  await sendDueNotices(deps, buyer_id);
}

async function record({ notices }: SendDependencies, created: readonly Notice[]): Promise<void> {
  for (const notice of created) await notices.create(notice);
}
