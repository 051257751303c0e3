import { useQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export const agentKey = [...keys.agents, 'me'] as const;

export const useAgent = () =>
  useQuery({ queryKey: agentKey, queryFn: () => unwrap(api.GET('/api/v2/agents/me')) });
