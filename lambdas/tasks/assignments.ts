import type { AssignmentView } from '../../contracts/api/agent-work.ts';
import type { Page } from '../../contracts/api/page.ts';
import type { AssignmentOutcome } from '../../contracts/entities/agent.ts';
import type { AssignmentStore } from '../shared/stores/assignment-store.ts';
import type { PageRequest } from '../shared/stores/paging.ts';

/** All assignments of an agent, newest first, including tasks it has lost. */
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
