import { Badge } from '@mantine/core';
import type { Task } from '../../../lib/api/types.ts';
import { STATUS } from '../status.ts';

/** The status, or that the result waits for the buyer's verdict. */
export function TaskBadge({ status, settlement }: Pick<Task, 'status' | 'settlement'>) {
  const waits = status === 'completed' && settlement === 'held';
  const { label, color } = waits ? { label: 'To review', color: 'orange' } : STATUS[status];
  return (
    <Badge variant="light" color={color}>
      {label}
    </Badge>
  );
}
