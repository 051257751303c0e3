import type * as z from 'zod';
import type { RegisterBody } from '../../contracts/api/accounts.ts';
import type { User } from '../../contracts/entities/user.ts';
import { DukeError } from '../../contracts/errors.ts';
import type { Clock } from '../shared/clock.ts';
import { MINUTE } from '../shared/clock.ts';
import { canonicalJson, sha256 } from '../shared/ids.ts';
import type { RegistrationRequest, UserStore } from '../shared/stores/user-store.ts';
import type { Accounts } from './accounts.ts';

type Registration = z.output<typeof RegisterBody>;
export interface RegisterDependencies {
  readonly accounts: Accounts;
  readonly users: UserStore;
  readonly clock: Clock;
  /** Confirm accounts without a code by e-mail. */
  readonly autoConfirm: boolean;
}

/** An account older than this without a user record was left by a crash. */
const ABANDONED_AFTER = 15 * MINUTE;

const emailTaken = () => new DukeError('email_taken', 'Log in, or set a new password.');
const keyReused = () =>
  new DukeError('idempotency_key_reused', 'This key registered somebody else: use a new one.');
const nameTaken = (name: string) => new DukeError('agent_name_taken', `There is an agent named ${name}.`);

interface Registered {
  readonly user: User;
  readonly confirmation_required: boolean;
  /** Whether an earlier request created the user. */
  readonly repeated: boolean;
}

/**
 * Creates account, role, record and confirmation, in this order. After a crash in between, the same request resumes, once
 * its password has been verified; a complete account is not changed. `requestId` derives from the Idempotency-Key, so it is
 * equal for repeated requests.
 *
 * A repeated request is recognized by account and key, and proven by its password, which Cognito verifies: nothing derived
 * from a password is stored, and keys of different users do not collide. With another password the answer is `email_taken`,
 * as for anybody else; with other details it is `idempotency_key_reused`.
 * @throws DukeError forbidden, email_taken, agent_name_taken, idempotency_key_reused
 */
export async function register(
  deps: RegisterDependencies,
  body: Registration,
  requestId: string,
): Promise<Registered> {
  if (body.user_type === 'admin') {
    throw new DukeError('forbidden', 'Administrators are made by whoever runs this service.');
  }
  await assertNameFree(deps, body);
  const request = { id: requestId, fingerprint: fingerprintOf(body) };
  const userId = await accountFor(deps, body, request);
  const { user, repeated } = await recordFor(deps, body, userId, request);
  if (deps.autoConfirm) await confirmOnce(deps.accounts, body.email, userId);
  return { user, confirmation_required: !deps.autoConfirm, repeated };
}

/** Checks before anything is created or sent. */
async function assertNameFree({ users, accounts }: RegisterDependencies, body: Registration): Promise<void> {
  if (body.agent_name === undefined) return;
  const owner = await users.ownerOfName(body.agent_name);
  if (owner !== undefined && (await accounts.find(body.email))?.userId !== owner) {
    throw nameTaken(body.agent_name);
  }
}

async function accountFor(
  deps: RegisterDependencies,
  body: Registration,
  request: RegistrationRequest,
): Promise<string> {
  const { accounts, users, clock } = deps;
  const created = await accounts.signUp(body.email, body.password);
  if (created !== undefined) return created;
  const account = await accounts.find(body.email);
  if (!account) throw new DukeError('conflict', 'This address was just removed: try again.');
  const record = await users.get(account.userId, { consistent: true });
  const before = record && (await users.registration(record.id, request.id));
  // A repeated request whose answer was lost, or a new one for an address that was never confirmed.
  const mayGoOn = !record || before !== undefined || (sameDetails(record, body) && !account.confirmed);
  if (!mayGoOn) throw emailTaken();
  if (await accounts.passwordFits(body.email, body.password)) {
    if (before && before.fingerprint !== request.fingerprint) throw keyReused();
    return account.userId;
  }
  // Nobody has proven to own the address, and the account has nothing that could be taken over.
  const abandoned = clock().getTime() - account.createdAt.getTime() > ABANDONED_AFTER;
  if (record || account.confirmed || !abandoned) throw emailTaken();
  await accounts.remove(account.userId);
  const replacement = await accounts.signUp(body.email, body.password);
  if (replacement === undefined) throw emailTaken();
  return replacement;
}

/** Hash of the request without its credentials. */
const fingerprintOf = ({ user_type, full_name, agent_name }: Registration): string =>
  sha256(canonicalJson({ user_type, full_name, agent_name }));

const sameDetails = (record: User, body: Registration): boolean =>
  record.user_type === body.user_type && record.agent_name === body.agent_name;

async function recordFor(
  { accounts, users, clock }: RegisterDependencies,
  body: Registration,
  userId: string,
  request: RegistrationRequest,
): Promise<Pick<Registered, 'user' | 'repeated'>> {
  await accounts.addToRole(userId, body.user_type);
  const at = clock().toISOString();
  const user: User = {
    id: userId,
    email: body.email,
    user_type: body.user_type,
    full_name: body.full_name ?? null,
    ...(body.agent_name !== undefined && { agent_name: body.agent_name }),
    created_at: at,
    updated_at: at,
    is_active: true,
  };
  const outcome = await users.create(user, request);
  if (outcome === 'created') return { user, repeated: false };
  if (outcome === 'agent_name_taken') {
    await accounts.remove(userId);
    throw nameTaken(body.agent_name ?? '');
  }
  const existing = await users.get(userId, { consistent: true });
  if (!existing || !sameDetails(existing, body)) throw emailTaken();
  return { user: existing, repeated: true };
}

async function confirmOnce(accounts: Accounts, email: string, userId: string): Promise<void> {
  const account = await accounts.find(email);
  if (account && !account.confirmed) await accounts.confirmNow(userId);
}
