import type { Page } from '../../../contracts/api/page.ts';
import { UserRole } from '../../../contracts/entities/common.ts';
import { User } from '../../../contracts/entities/user.ts';
import { indexKeys, keys, parseUserKey } from '../../../contracts/naming.ts';
import { HOUR } from '../clock.ts';
import { newProfile, profileRecord } from './agent-profile-store.ts';
import type { LoginSession } from '../sessions.ts';
import { listPage, loadBehind } from './paging.ts';
import type { PageRequest } from './paging.ts';
import { indexed, parseRecord, record, ttlSeconds } from './records.ts';
import { ConditionFailed } from './table.ts';
import type { Item, Table, TransactionStep } from './table.ts';

/** Idempotency-Keys live for 24 h; the record of a registration request lives longer. */
const REGISTRATION_KEPT = 48 * HOUR;

/** The request that registered a user. */
export interface RegistrationRequest {
  /** Derived from the Idempotency-Key, so equal for repeated requests. */
  readonly id: string;
  /** Hash of the request without its credentials; never derived from a password. */
  readonly fingerprint: string;
}

export interface UserStore {
  get(id: string, options?: { consistent?: boolean }): Promise<User | undefined>;
  /** Users of one role or of all, newest first. */
  list(role: UserRole | undefined, page: PageRequest, matches: (user: User) => boolean): Promise<Page<User>>;
  /** Stores the state and the role of a user, together with further steps. */
  change(user: User, also: readonly TransactionStep[]): Promise<void>;
  /** Ids of the administrators. */
  admins(): Promise<string[]>;
  /** The user with this agent name. */
  ownerOfName(agentName: string): Promise<string | undefined>;
  /**
   * Stores a user, its name and profile if it is an agent, and the request, once per id.
   * @returns `exists` if this user was stored before; `agent_name_taken` if another user has the name (nothing is stored)
   */
  create(user: User, request: RegistrationRequest): Promise<'created' | 'exists' | 'agent_name_taken'>;
  /** The request with this id that stored this user; undefined if there is none. */
  registration(userId: string, requestId: string): Promise<RegistrationRequest | undefined>;
  rename(id: string, fullName: string | null, at: string): Promise<void>;
  /** Ends all sessions that began before `from` (a whole second), except for the one to keep. */
  endSessions(id: string, from: string, at: string, kept?: string): Promise<void>;
  /** Stores a login until all its tokens have expired. */
  beginSession(session: LoginSession, until: Date): Promise<void>;
  /** Time of a login, in seconds since 1970; undefined if it is not stored. */
  sessionStart(originJti: string): Promise<number | undefined>;
  /** Denies all tokens of a login session until they have expired. */
  deny(originJti: string, until: Date): Promise<void>;
  isDenied(originJti: string): Promise<boolean>;
}

/** Administrators to notify of training runs. */
const MAX_ADMINS = 100;

const sortKeyOf = (entry: Item): string => String(entry['gsi3sk']);

const absent = [{ attribute: 'pk', is: 'absent' }] as const;
const present = [{ attribute: 'pk', is: 'present' }] as const;

const userRecord = (user: User) =>
  record('user', keys.user(user.id), user, { all: indexKeys.user(user.user_type, user.created_at, user.id) });

function creationOf(user: User, { id, fingerprint }: RegistrationRequest) {
  const name = user.agent_name;
  const forget = ttlSeconds(new Date(Date.parse(user.created_at) + REGISTRATION_KEPT));
  return [
    { put: userRecord(user), when: absent },
    { put: record('registration', keys.registration(user.id, id), { fingerprint, ttl: forget }) },
    ...(name === undefined
      ? []
      : [
          { put: record('agent_name', keys.agentName(name), { user_id: user.id }), when: absent },
          { put: profileRecord(newProfile(user, name)) },
        ]),
  ];
}

export function userStore(table: Table): UserStore {
  return {
    async get(id, options) {
      const item = await table.get(keys.user(id), options);
      return item && parseRecord(User, item);
    },
    list: (role, page, matches) =>
      listPage({
        table,
        partitions: (role ? [role] : UserRole.options).map((name) => ({
          index: 'all',
          pk: indexKeys.user(name, '', '').pk,
        })),
        page,
        matches,
        sortKeyOf,
        load: loadBehind(table, sortKeyOf, (item) => parseRecord(User, item)),
      }),
    async change({ id, is_active, user_type, created_at, updated_at }, also) {
      const place = indexed({ all: indexKeys.user(user_type, created_at, id) });
      await table.transact([
        { update: keys.user(id), set: { is_active, user_type, updated_at, ...place }, when: present },
        ...also,
      ]);
    },
    async admins() {
      const { pk } = indexKeys.user('admin', '', '');
      const entries = await table.query({ index: 'all', pk, limit: MAX_ADMINS });
      return entries.map((entry) => parseUserKey(String(entry['pk']))).filter((id) => id !== undefined);
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
