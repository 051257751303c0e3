import { randomUUID } from 'node:crypto';
import { DukeError } from '../../../contracts/errors.ts';
import type { Accounts, Tokens } from '../../../lambdas/identity/accounts.ts';

interface Stored {
  userId: string;
  email: string;
  password: string;
  confirmed: boolean;
  createdAt: Date;
  roles: Set<string>;
}

/** An unsigned token: use cases only read it, since it comes from Cognito itself. */
export const unsignedToken = (claims: object): string =>
  [{ alg: 'RS256', typ: 'JWT', kid: 'k' }, claims, 'signature']
    .map((part) => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url'))
    .join('.');

/** Accounts in memory, which behave as Cognito does; `stored`, `sessions` and `codes` are there to look into. */
export function memoryAccounts(clock: () => Date) {
  const stored = new Map<string, Stored>();
  /** Live refresh tokens. */
  const sessions = new Map<string, { userId: string; originJti: string }>();
  const byId = (userId: string): Stored => {
    const found = [...stored.values()].find((account) => account.userId === userId);
    if (!found) throw new Error('UserNotFoundException');
    return found;
  };
  /** As the emulator does it: the time of a token is that of its making, also of one that a refresh made. */
  const tokensFor = (userId: string, originJti: string): Tokens => ({
    access: unsignedToken({
      sub: userId,
      origin_jti: originJti,
      auth_time: Math.floor(clock().getTime() / 1000),
    }),
    id: unsignedToken({ sub: userId }),
    expiresIn: 3600,
  });
  const signIn: Accounts['signIn'] = async (email, password) => {
    const account = stored.get(email);
    if (account?.password !== password) throw new DukeError('bad_credentials', 'wrong');
    if (!account.confirmed) throw new DukeError('email_unconfirmed', 'unconfirmed');
    const session = { userId: account.userId, originJti: randomUUID() };
    const refresh = `refresh-${session.originJti}`;
    sessions.set(refresh, session);
    return { ...tokensFor(session.userId, session.originJti), refresh };
  };
  const accounts: Accounts = {
    async signUp(email, password) {
      if (stored.has(email)) return undefined;
      const userId = randomUUID();
      const createdAt = clock();
      stored.set(email, { userId, email, password, confirmed: false, createdAt, roles: new Set() });
      return userId;
    },
    async find(email) {
      const account = stored.get(email);
      return account && { ...account };
    },
    async passwordFits(email, password) {
      return stored.get(email)?.password === password;
    },
    async addToRole(userId, role) {
      byId(userId).roles.add(role);
    },
    async confirmNow(userId) {
      byId(userId).confirmed = true;
    },
    async remove(userId) {
      stored.delete(byId(userId).email);
    },
    async confirm(email, code) {
      const account = stored.get(email);
      if (!account || code !== '123456') throw new DukeError('code_invalid', 'wrong');
      account.confirmed = true;
    },
    resendCode: async () => undefined,
    signIn,
    async refresh(refreshToken) {
      const session = sessions.get(refreshToken);
      if (!session) throw new DukeError('refresh_token_invalid', 'wrong');
      return tokensFor(session.userId, session.originJti);
    },
    async revoke(refreshToken) {
      sessions.delete(refreshToken);
    },
    async revokeAll(userId) {
      for (const [token, session] of sessions) if (session.userId === userId) sessions.delete(token);
    },
    async changePassword(accessToken, current, next) {
      const { sub } = JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString()) as {
        sub: string;
      };
      const account = byId(sub);
      if (account.password !== current) throw new DukeError('bad_credentials', 'wrong');
      account.password = next;
    },
    forgotPassword: async () => undefined,
    async resetPassword(email, code, password) {
      const account = stored.get(email);
      if (!account || code !== '123456') throw new DukeError('code_invalid', 'wrong');
      account.password = password;
    },
  };
  return { ...accounts, stored, sessions };
}
export type MemoryAccounts = ReturnType<typeof memoryAccounts>;
