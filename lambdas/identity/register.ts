import type * as z from 'zod';
import type { RegisterBody } from '../../contracts/api/identity.ts';
import type { User } from '../../contracts/entities/user.ts';
import { DukeError } from '../../contracts/errors.ts';
import type { Clock } from '../shared/clock.ts';
import { MINUTE } from '../shared/clock.ts';
import type { UserStore } from '../shared/stores/user-store.ts';
import type { Account, Accounts } from './accounts.ts';

type Registration = z.output<typeof RegisterBody>;
export interface RegisterDependencies {
  readonly accounts: Accounts;
  readonly users: UserStore;
  readonly clock: Clock;
  /** No code from an e-mail is asked for. */
  readonly autoConfirm: boolean;
}

/** An account without a user record that is older was left behind by a crash, and nobody is working on it. */
const ABANDONED_AFTER = 15 * MINUTE;

const emailTaken = () => new DukeError('email_taken', 'Log in, or set a new password.');
const nameTaken = (name: string) => new DukeError('agent_name_taken', `There is an agent named ${name}.`);

/**
 * Account, role, record, confirmation, in this order. After a crash anywhere between, the same request goes on where
 * it stopped, once the password has shown that it comes from the same person; an account that is finished stays as it
 * is. `requestId` is the same for a request that is repeated under its Idempotency-Key.
 * @throws DukeError forbidden, email_taken, agent_name_taken
 */
export async function register(
  deps: RegisterDependencies,
  body: Registration,
  requestId: string,
): Promise<{ user: User; confirmation_required: boolean }> {
  if (body.user_type === 'admin') {
    throw new DukeError('forbidden', 'Administrators are made by whoever runs this service.');
  }
  await assertNameFree(deps, body);
  const userId = await accountFor(deps, body, requestId);
  const user = await recordFor(deps, body, userId, requestId);
  if (deps.autoConfirm) await confirmOnce(deps.accounts, body.email, userId);
  return { user, confirmation_required: !deps.autoConfirm };
}

/** Before anything is made, and before a code is sent. */
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
  requestId: string,
): Promise<string> {
  const { accounts, users, clock } = deps;
  const created = await accounts.signUp(body.email, body.password);
  if (created !== undefined) return created;
  const account = await accounts.find(body.email);
  if (!account) throw new DukeError('conflict', 'This address was just removed: try again.');
  const record = await users.get(account.userId, { consistent: true });
  if (record && !(await mayGoOn(users, account, record, body, requestId))) throw emailTaken();
  if (await accounts.passwordFits(body.email, body.password)) return account.userId;
  // Nobody ever showed that the address is theirs, and there is nothing that could be taken over.
  const abandoned = clock().getTime() - account.createdAt.getTime() > ABANDONED_AFTER;
  if (record || account.confirmed || !abandoned) throw emailTaken();
  await accounts.remove(account.userId);
  const anew = await accounts.signUp(body.email, body.password);
  if (anew === undefined) throw emailTaken();
  return anew;
}

const sameDetails = (record: User, body: Registration): boolean =>
  record.user_type === body.user_type && record.agent_name === body.agent_name;

/** The same request again, its answer lost; or again before the address was ever confirmed. */
const mayGoOn = async (
  users: UserStore,
  account: Account,
  record: User,
  body: Registration,
  requestId: string,
): Promise<boolean> =>
  sameDetails(record, body) && (!account.confirmed || (await users.createdBy(record.id, requestId)));

async function recordFor(
  { accounts, users, clock }: RegisterDependencies,
  body: Registration,
  userId: string,
  requestId: string,
): Promise<User> {
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
  const outcome = await users.create(user, requestId);
  if (outcome === 'created') return user;
  if (outcome === 'agent_name_taken') {
    await accounts.remove(userId);
    throw nameTaken(body.agent_name ?? '');
  }
  const existing = await users.get(userId, { consistent: true });
  if (!existing || !sameDetails(existing, body)) throw emailTaken();
  return existing;
}

async function confirmOnce(accounts: Accounts, email: string, userId: string): Promise<void> {
  const account = await accounts.find(email);
  if (account && !account.confirmed) await accounts.confirmNow(userId);
}
