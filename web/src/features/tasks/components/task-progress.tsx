import { Progress, Text } from '@mantine/core';
import type { Task } from '../../../lib/api/types.ts';
import { isUnfinished } from '../../../../../contracts/rules/task-status.ts';

/** Share of a task that is answered; before it is split into chunks, that it is waiting. */
export function TaskProgress({ task, size = 'sm' }: { task: Task; size?: 'sm' | 'lg' }) {
  if (!isUnfinished(task.status)) return null;
  const { chunks_done, chunk_count } = task.progress ?? { chunks_done: 0, chunk_count: 0 };
  const share = chunk_count > 0 ? chunks_done / chunk_count : 0;
  return (
    <div>
      <Progress
        value={share > 0 ? share * 100 : 100}
        animated={share === 0}
        striped={share === 0}
        color={share > 0 ? 'duke' : 'duke.3'}
        size={size}
        aria-label="Progress"
      />
      {size === 'lg' && (
        <Text size="sm" c="dimmed" mt={4} role="status">
          {chunk_count > 0 ? `${chunks_done} of ${chunk_count} parts answered` : 'Queued'}
        </Text>
      )}
    </div>
  );
}
