import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { untilAnswered } from '../../../lib/api/idempotency.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { Schemas } from '../../../../../client/typescript/src/types.ts';
import type { AgentChange } from '../../../lib/api/types.ts';
import { agentKey } from './get-agent.ts';

/** Changes the given settings. Repeating it is safe: it sets values and adds nothing. */
export function useUpdateAgent() {
  const client = useQueryClient();
  return useMutation({
    ...untilAnswered,
    mutationFn: (body: AgentChange) =>
      unwrap(api.PATCH('/api/v2/agents/me', { body: body as Schemas['AgentChange'] })),
    onSuccess: (agent) => client.setQueryData(agentKey, agent),
    // After a conflict the profile is another one than the page shows.
    onError: () => client.invalidateQueries({ queryKey: agentKey }),
  });
}
