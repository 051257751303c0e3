import * as z from 'zod';
import { AgentName, Id, Timestamp, UserRole } from './common.ts';

/** Who somebody is. Credentials live in Cognito; `id` is the Cognito `sub`. */
export const User = z.strictObject({
  id: Id,
  email: z.email().max(254),
  user_type: UserRole,
  full_name: z.string().max(255).nullable(),
  agent_name: AgentName.optional(),
  created_at: Timestamp,
  updated_at: Timestamp,
  is_active: z.boolean(),
  /** Logged out everywhere then: sessions that began earlier are over. A whole second, as `auth_time` in tokens is. */
  sessions_valid_from: Timestamp.optional(),
});
export type User = z.infer<typeof User>;
