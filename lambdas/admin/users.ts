import type { AdminUser, UserChange } from '../../contracts/api/admin.ts';
import type { Page } from '../../contracts/api/page.ts';
import type { UserRole } from '../../contracts/entities/common.ts';
import type { User } from '../../contracts/entities/user.ts';
import { DukeError } from '../../contracts/errors.ts';
import type { Clock } from '../shared/clock.ts';
import { plainText } from '../shared/ids.ts';
import { auditStep } from '../shared/stores/audit-log.ts';
import type { PageRequest } from '../shared/stores/paging.ts';
import type { UserStore } from '../shared/stores/user-store.ts';

export interface UsersDependencies {
  readonly users: UserStore;
  readonly clock: Clock;
}

const viewOf = ({ sessions_valid_from: _1, kept_session: _2, ...view }: User): AdminUser => view;

export async function listUsers(
  { users }: UsersDependencies,
  {
    q,
    role,
    ...page
  }: PageRequest & { readonly q?: string | undefined; readonly role?: UserRole | undefined },
): Promise<Page<AdminUser>> {
  const searchText = q === undefined ? '' : plainText(q);
  const matches = (user: User): boolean =>
    user.id === searchText ||
    [user.email, user.full_name, user.agent_name].some((text) => plainText(text ?? '').includes(searchText));
  const found = await users.list(role, page, matches);
  return { ...found, items: found.items.map(viewOf) };
}

/** Changes an account and records who did it. @throws DukeError not_found, wrong_state */
export async function updateUser(
  { users, clock }: UsersDependencies,
  adminId: string,
  userId: string,
  change: UserChange,
  entryId: string,
): Promise<AdminUser> {
  if (userId === adminId)
    throw new DukeError('wrong_state', 'Another administrator has to change your account.');
  const before = await users.get(userId, { consistent: true });
  if (!before) throw new DukeError('not_found', `There is no account ${userId}.`);
  if (change.user_type === 'agent' && before.agent_name === undefined)
    throw new DukeError('wrong_state', 'This account has no agent name: it cannot be an agent.');
  const at = clock().toISOString();
  const after: User = {
    ...before,
    is_active: change.is_active ?? before.is_active,
    user_type: change.user_type ?? before.user_type,
    updated_at: at,
  };
  const details = {
    ...(change.is_active !== undefined && { is_active: change.is_active }),
    ...(change.user_type !== undefined && { user_type: change.user_type, previous_type: before.user_type }),
  };
  const entry = auditStep({
    ...{ id: entryId, at, actor_id: adminId, action: 'user.updated', subject: userId, details },
  });
  await users.change(after, [entry]);
  return viewOf(after);
}
