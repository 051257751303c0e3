import { Stepper, useMatches } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { Task } from '../../../../lib/api/types.ts';
import { dateTime } from '../../../../lib/format.ts';

const DONE: Record<Task['status'], number> = {
  created: 1,
  assigned: 2,
  executing: 2,
  completed: 3,
  failed: 3,
  cancelled: 3,
};

const lastStep = (task: Task): { label: string; description: string } => {
  if (task.settlement === 'held')
    return {
      label: 'Your verdict',
      description: task.review_until ? `until ${dateTime(task.review_until)}` : 'then the agent is paid',
    };
  const label = { released: 'Paid', split: 'Split', refunded: 'Refunded' }[task.settlement];
  return { label, description: task.settlement === 'refunded' ? 'all of the price' : 'settled' };
};

const ENDS = { failed: 'Failed', cancelled: 'Cancelled' } as const;

/** From posting to payment. */
export function TaskSteps({ task }: { task: Task }) {
  const orientation = useMatches<'vertical' | 'horizontal'>({ base: 'vertical', sm: 'horizontal' });
  const ended = task.status === 'failed' || task.status === 'cancelled' ? ENDS[task.status] : undefined;
  const last = lastStep(task);
  const settled = task.settlement !== 'held';
  return (
    <Stepper
      active={settled ? 4 : DONE[task.status]}
      orientation={orientation}
      size="sm"
      iconSize={32}
      aria-label="Progress of the task"
    >
      <Stepper.Step label="Posted" description={dateTime(task.created_at)} />
      <Stepper.Step
        label="Assigned"
        description={`to ${task.assigned_agent}`}
        loading={task.status === 'created'}
      />
      <Stepper.Step
        label={ended ?? (task.status === 'completed' ? 'Delivered' : 'In work')}
        description={
          task.completed_at ? dateTime(task.completed_at) : task.status === 'executing' ? 'now' : 'waiting'
        }
        loading={task.status === 'executing'}
        {...(ended && { color: 'red', completedIcon: <IconX size={16} aria-hidden /> })}
      />
      <Stepper.Step label={last.label} description={last.description} />
    </Stepper>
  );
}
