import type { identityOperations } from '../../contracts/api/identity.ts';
import type { Session } from '../../contracts/api/accounts.ts';
import { addressOf } from '../shared/http/address.ts';
import type { Handlers } from '../shared/http/api.ts';
import { login } from './login.ts';
import type { LoginGuard } from './login-guard.ts';
import { logout } from './logout.ts';
import { resetPassword } from './password.ts';
import { getProfile, updateProfile } from './profile.ts';
import { refresh } from './refresh.ts';
import { refreshCookie } from './refresh-cookie.ts';
import { register } from './register.ts';
import type { RegisterDependencies } from './register.ts';
import { profileOf } from './session.ts';

export interface IdentityDependencies extends RegisterDependencies {
  /** Whether the refresh cookie has the attribute `Secure`. */
  readonly cookieSecure: boolean;
  readonly guard: LoginGuard;
}

const withoutRefreshToken = ({ refresh_token: _, ...session }: Session): Session => session;

/** Handlers of the routes of identity: each calls one use case, and translates cookies. */
export function identityHandlers(deps: IdentityDependencies): Handlers<typeof identityOperations> {
  return {
    async register({ body }, { newId, reply }) {
      const { user, confirmation_required, repeated } = await register(deps, body, newId);
      reply.replayed = repeated;
      return { user: profileOf(user), confirmation_required };
    },
    confirm: ({ body }) => deps.accounts.confirm(body.email, body.code),
    resendCode: ({ body }) => deps.accounts.resendCode(body.email),
    async login({ body }, { event, reply }) {
      const session = await deps.guard.guard(body.email, addressOf(event), () => login(deps, body));
      if (!body.cookie || session.refresh_token === undefined) return session;
      reply.cookies.push(refreshCookie.set(session.refresh_token, deps.cookieSecure));
      return withoutRefreshToken(session);
    },
    async refresh({ body }, { event }) {
      const session = await refresh(deps, body.refresh_token ?? refreshCookie.read(event));
      return body.refresh_token === undefined ? withoutRefreshToken(session) : session;
    },
    async logout({ body }, { caller, event, reply }) {
      const refreshToken = body.refresh_token ?? refreshCookie.read(event);
      await logout(deps, caller, { refreshToken, everywhere: body.everywhere });
      reply.cookies.push(refreshCookie.clear(deps.cookieSecure));
    },
    forgotPassword: ({ body }) => deps.accounts.forgotPassword(body.email),
    resetPassword: ({ body }) => resetPassword(deps, body),
    getProfile: (_, { caller }) => getProfile(deps, caller),
    updateProfile: ({ body }, { caller }) => updateProfile(deps, caller, body),
  };
}
