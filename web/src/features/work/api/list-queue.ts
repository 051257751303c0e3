import { useQuery } from '@tanstack/react-query';
import { UNFINISHED } from '../../../../../contracts/rules/task-status.ts';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { Task } from '../../../lib/api/types.ts';
import { pollMs } from '../../../lib/live/index.ts';

/** An agent holds at most twenty tasks (LIMITS.agentCapacity), so one page of each status is all of them. */
const PAGE = 100;
/** Others assign the work, so the queue is looked up although nothing in it changes. */
const POLL_MS = 10_000;

const listByStatus = async (status: Task['status']): Promise<Task[]> => {
  const query = { status, role: 'agent', limit: PAGE } as const;
  return (await unwrap(api.GET('/api/v2/tasks/list', { params: { query } }))).items;
};

const deadline = ({ deadline_at }: Task): string => deadline_at ?? '~'; // sorts after every timestamp

/** The tasks that the agent has now, the most urgent first. */
export const useQueue = () =>
  useQuery({
    queryKey: [...keys.tasks, 'queue'],
    queryFn: async () => {
      const lists = await Promise.all(UNFINISHED.map(listByStatus));
      return lists.flat().sort((a, b) => deadline(a).localeCompare(deadline(b)));
    },
    refetchInterval: () => pollMs(POLL_MS),
  });
