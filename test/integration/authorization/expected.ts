import type { Operation } from '../../../contracts/api/operation.ts';
import type { UserRole } from '../../../contracts/entities/common.ts';
import type { CallerName } from './world.ts';

const ROLES: Readonly<Record<Exclude<CallerName, 'anonymous'>, UserRole>> = {
  buyer: 'buyer',
  'other buyer': 'buyer',
  agent: 'agent',
  'other agent': 'agent',
  admin: 'admin',
};

/** Which record a request names: the buyer's, one that does not exist, or something that is no id. */
export type Target = 'theirs' | 'none' | 'malformed';

/**
 * What the contract says that a caller gets: turned away with this status, or let in, where the handler decides.
 * `hidden`: 404, as if there were no such record.
 */
export type Expected = 401 | 403 | 'hidden' | 'let in';

/** @param target undefined for routes that name no record */
export function expected({ access }: Operation, caller: CallerName, target: Target | undefined): Expected {
  if (access.kind === 'public') return 'let in';
  if (caller === 'anonymous') return 401;
  const scope = access.roles[ROLES[caller]];
  if (scope === undefined) return 403;
  if (target === undefined) return 'let in';
  if (target !== 'theirs') return 'hidden';
  const sees = { own: caller === 'buyer', party: caller === 'buyer' || caller === 'agent', any: true }[scope];
  // Routes of agents name what the agent was given as its own.
  return sees || (caller === 'agent' && access.roles.buyer === undefined) ? 'let in' : 'hidden';
}
