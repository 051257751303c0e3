import { User } from '../../../contracts/entities/user.ts';
import { keys } from '../../../contracts/naming.ts';
import { parseRecord, record, ttlSeconds } from './records.ts';
import type { Table } from './table.ts';

export interface UserStore {
  get(id: string): Promise<User | undefined>;
  /**
   * Stores a user and, for an agent, takes its name; once per id.
   * @throws ConditionFailed step 0: the user exists; step 1: the agent name is taken by somebody else
   */
  create(user: User): Promise<void>;
  rename(id: string, fullName: string | null, at: string): Promise<void>;
  /** Denies every token of a login session until none of them can be valid any more. */
  deny(originJti: string, until: Date): Promise<void>;
}

export function userStore(table: Table): UserStore {
  return {
    async get(id) {
      const item = await table.get(keys.user(id));
      return item && parseRecord(User, item);
    },
    async create(user) {
      await table.transact([
        { put: record('user', keys.user(user.id), user), when: [{ attribute: 'pk', is: 'absent' }] },
        ...(user.agent_name === undefined
          ? []
          : [
              {
                put: record('agent_name', keys.agentName(user.agent_name), { user_id: user.id }),
                when: [{ attribute: 'pk', is: 'absent' } as const],
              },
            ]),
      ]);
    },
    async rename(id, fullName, at) {
      await table.write({
        update: keys.user(id),
        set: { full_name: fullName, updated_at: at },
        when: [{ attribute: 'pk', is: 'present' }],
      });
    },
    async deny(originJti, until) {
      await table.write({ put: record('denied', keys.denied(originJti), { ttl: ttlSeconds(until) }) });
    },
  };
}
