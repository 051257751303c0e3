import type { LIVE_EVENT_TYPES, EventDetail } from '../../contracts/events/index.ts';
import { DUKE_MM_ID } from '../../contracts/entities/common.ts';
import type { UserRole } from '../../contracts/entities/common.ts';
import type { LiveEvent, LiveNews } from '../../contracts/entities/live.ts';

/** An event of the bus whose type is delivered to readers. */
export type Reported = {
  readonly [T in (typeof LIVE_EVENT_TYPES)[number]]: { readonly type: T; readonly detail: EventDetail<T> };
}[(typeof LIVE_EVENT_TYPES)[number]];

export interface Addressed {
  readonly news: LiveNews;
  /** Users who may see the event. */
  readonly users: readonly string[];
  /** All users of this role too. */
  readonly role?: UserRole;
}

/** Duke MM has no account. */
const parties = (...ids: readonly string[]): string[] => [...new Set(ids)].filter((id) => id !== DUKE_MM_ID);

/** The readers of an event, and its fields for them. */
export function addressed({ type, detail }: Reported): Addressed {
  switch (type) {
    case 'task.updated': {
      const { task_id, status, settlement, buyer_id, assigned_agent_id } = detail;
      return {
        news: { type, data: { task_id, status, settlement } },
        users: parties(buyer_id, assigned_agent_id),
      };
    }
    case 'result.created': {
      const { task_id, result_id, buyer_id, agent_id } = detail;
      return { news: { type, data: { task_id, result_id } }, users: parties(buyer_id, agent_id) };
    }
    case 'wallet.updated':
      return { news: { type, data: detail }, users: [detail.user_id] };
    case 'agent.assigned':
      return { news: { type, data: { task_id: detail.task_id } }, users: [detail.agent_id] };
    case 'model.run.updated':
      return { news: { type, data: detail }, users: [], role: 'admin' };
  }
}

/** Roles that may see events of a type; every role if absent. A role may have changed since the event. */
const ROLES: Partial<Record<LiveEvent['type'], UserRole>> = {
  'model.run.updated': 'admin',
  'agent.assigned': 'agent',
};

export const maySee = (role: UserRole, { type }: Pick<LiveEvent, 'type'>): boolean =>
  ROLES[type] === undefined || ROLES[type] === role;
