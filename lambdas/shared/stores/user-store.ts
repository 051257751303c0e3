import { User } from '../../../contracts/entities/user.ts';
import { keys } from '../../../contracts/naming.ts';
import { HOUR } from '../clock.ts';
import type { LoginSession } from '../sessions.ts';
import { parseRecord, record, ttlSeconds } from './records.ts';
import { ConditionFailed } from './table.ts';
import type { Table } from './table.ts';

/** Idempotency-Keys live for 24 h; so, with room to spare, does the trace of the request that registered somebody. */
const REGISTRATION_KEPT = 48 * HOUR;

/** The request that registered a user. */
export interface RegistrationRequest {
  /** The same for a request that is repeated under its Idempotency-Key. */
  readonly id: string;
  /** What was asked for beside the credentials. Never made of a password. */
  readonly fingerprint: string;
}

export interface UserStore {
  get(id: string, options?: { consistent?: boolean }): Promise<User | undefined>;
  /** Whose agent name this is. */
  ownerOfName(agentName: string): Promise<string | undefined>;
  /**
   * Stores a user and, for an agent, takes its name, once per id, with the request that did it.
   * `exists`: this user was stored before; `agent_name_taken`: by somebody else, nothing was stored.
   */
  create(user: User, request: RegistrationRequest): Promise<'created' | 'exists' | 'agent_name_taken'>;
  /** The request of this id that stored this user; undefined where there is none. */
  registration(userId: string, requestId: string): Promise<RegistrationRequest | undefined>;
  rename(id: string, fullName: string | null, at: string): Promise<void>;
  /** Ends every session that began before `from` (a whole second), but for the one that is kept. */
  endSessions(id: string, from: string, at: string, kept?: string): Promise<void>;
  /** Remembers a login until no token of it can be valid any more. */
  beginSession(session: LoginSession, until: Date): Promise<void>;
  /** When a login began, seconds since 1970; undefined for one that is not remembered. */
  sessionStart(originJti: string): Promise<number | undefined>;
  /** Denies every token of a login session until none of them can be valid any more. */
  deny(originJti: string, until: Date): Promise<void>;
  isDenied(originJti: string): Promise<boolean>;
}

const absent = [{ attribute: 'pk', is: 'absent' }] as const;
const present = [{ attribute: 'pk', is: 'present' }] as const;

function creationOf(user: User, { id, fingerprint }: RegistrationRequest) {
  const name = user.agent_name;
  const forget = ttlSeconds(new Date(Date.parse(user.created_at) + REGISTRATION_KEPT));
  return [
    { put: record('user', keys.user(user.id), user), when: absent },
    { put: record('registration', keys.registration(user.id, id), { fingerprint, ttl: forget }) },
    ...(name === undefined
      ? []
      : [{ put: record('agent_name', keys.agentName(name), { user_id: user.id }), when: absent }]),
  ];
}

export function userStore(table: Table): UserStore {
  return {
    async get(id, options) {
      const item = await table.get(keys.user(id), options);
      return item && parseRecord(User, item);
    },
    async ownerOfName(agentName) {
      const item = await table.get(keys.agentName(agentName), { consistent: true });
      return item && String(item['user_id']);
    },
    async create(user, request) {
      try {
        await table.transact(creationOf(user, request));
        return 'created';
      } catch (error) {
        if (!(error instanceof ConditionFailed)) throw error;
        return error.failed.includes(0) ? 'exists' : 'agent_name_taken';
      }
    },
    async registration(userId, requestId) {
      const item = await table.get(keys.registration(userId, requestId), { consistent: true });
      return item && { id: requestId, fingerprint: String(item['fingerprint']) };
    },
    async rename(id, fullName, at) {
      await table.write({
        update: keys.user(id),
        set: { full_name: fullName, updated_at: at },
        when: present,
      });
    },
    async endSessions(id, from, at, kept) {
      await table.write({
        update: keys.user(id),
        set: { sessions_valid_from: from, updated_at: at, kept_session: kept },
        ...(kept === undefined && { remove: ['kept_session'] }),
        when: present,
      });
    },
    async beginSession({ originJti, startedAt }, until) {
      const put = record('session', keys.session(originJti), {
        started_at: startedAt,
        ttl: ttlSeconds(until),
      });
      await table.write({ put });
    },
    async sessionStart(originJti) {
      const item = await table.get(keys.session(originJti), { consistent: true });
      return item && Number(item['started_at']);
    },
    async deny(originJti, until) {
      await table.write({ put: record('denied', keys.denied(originJti), { ttl: ttlSeconds(until) }) });
    },
    async isDenied(originJti) {
      return (await table.get(keys.denied(originJti), { consistent: true })) !== undefined;
    },
  };
}
