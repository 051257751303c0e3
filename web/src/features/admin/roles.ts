import type { AdminUser } from '../../lib/api/types.ts';

export const ROLE: Record<AdminUser['user_type'], string> = {
  buyer: 'Buyer',
  agent: 'Agent',
  admin: 'Administrator',
};
