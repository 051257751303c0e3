import type { AssignmentView } from '../../contracts/api/agent-work.ts';
import type { Page } from '../../contracts/api/page.ts';
import type { AssignmentOutcome } from '../../contracts/entities/agent.ts';
import type { AssignmentStore } from '../shared/stores/assignment-store.ts';
import type { PageRequest } from '../shared/stores/paging.ts';

/** The tasks that an agent was given, newest first, also those that it has no more. */
export async function listAssignments(
  { assignments }: { readonly assignments: AssignmentStore },
  agentId: string,
  query: PageRequest & { outcome?: AssignmentOutcome | undefined },
): Promise<Page<AssignmentView>> {
  const page = await assignments.list(
    agentId,
    query,
    ({ outcome }) => query.outcome === undefined || outcome === query.outcome,
  );
  return { ...page, items: page.items.map(({ agent_id: _agent, ...view }) => view) };
}
