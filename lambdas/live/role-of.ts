import type { UserRole } from '../../contracts/entities/common.ts';
import type { LiveSession } from '../../contracts/entities/live.ts';
import type { ReadSession } from '../shared/session-reader.ts';
import { sessionIsOver } from '../shared/sessions.ts';

/** The role of the user of a session; undefined once the session has ended or the user is disabled. */
export type RoleOf = (session: LiveSession) => Promise<UserRole | undefined>;

export const roleOfSession =
  (readSession: ReadSession): RoleOf =>
  async ({ user_id, origin_jti, started_at }) => {
    const { user, denied } = await readSession(user_id, origin_jti);
    if (!user?.is_active || denied) return undefined;
    return sessionIsOver(user, { originJti: origin_jti, startedAt: started_at }) ? undefined : user.user_type;
  };
