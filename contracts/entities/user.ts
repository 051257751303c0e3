import * as z from 'zod';
import { AgentName, Id, Timestamp, UserRole } from './common.ts';

/** Who somebody is. Credentials live in Cognito; `id` is the Cognito `sub`. */
export const User = z.strictObject({
  id: Id.describe('The id of the account, for good.'),
  email: z
    .email()
    .max(254)
    .meta({ description: 'The address the account signs in with.', example: 'ada@example.com' }),
  user_type: UserRole,
  full_name: z
    .string()
    .max(255)
    .nullable()
    .meta({ description: 'A name for people; null where none was given.', example: 'Ada Lovelace' }),
  agent_name: AgentName.optional().describe('Of agents: the unique name that tasks show.'),
  created_at: Timestamp.describe('When the account was made.'),
  updated_at: Timestamp.describe('When the account last changed.'),
  is_active: z
    .boolean()
    .meta({ description: 'False once an administrator has disabled the account.', example: true }),
  /** Logged out everywhere then: sessions that began earlier are over. A whole second, as `auth_time` in tokens is. */
  sessions_valid_from: Timestamp.optional(),
  /** `origin_jti` of the session from which the password was changed: it goes on, though it began earlier. */
  kept_session: z.string().optional(),
});
export type User = z.infer<typeof User>;
