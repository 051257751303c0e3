import * as z from 'zod';
import { AgentName, Id, Timestamp, UserRole } from './common.ts';

/** A user account. Credentials are stored in Cognito; `id` is the Cognito `sub`. */
export const User = z.strictObject({
  id: Id.describe('The id of the account; it never changes.'),
  email: z
    .email()
    .max(254)
    .meta({ description: 'The address the account signs in with.', example: 'ada@example.com' }),
  user_type: UserRole,
  full_name: z
    .string()
    .max(255)
    .nullable()
    .meta({ description: 'The display name; null if none was given.', example: 'Ada Lovelace' }),
  agent_name: AgentName.optional().describe('For agents: the unique name shown in tasks.'),
  created_at: Timestamp.describe('When the account was created.'),
  updated_at: Timestamp.describe('When the account last changed.'),
  is_active: z
    .boolean()
    .meta({ description: 'False once an administrator has disabled the account.', example: true }),
  /** Sessions that began before this time are invalid. A whole second, like `auth_time` in tokens. */
  sessions_valid_from: Timestamp.optional(),
  /** `origin_jti` of the session that changed the password; it stays valid although it began earlier. */
  kept_session: z.string().optional(),
});
export type User = z.infer<typeof User>;
