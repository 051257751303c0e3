import type { UserRole } from '../../contracts/entities/common.ts';

export interface Tokens {
  readonly access: string;
  readonly id: string;
  /** Absent after a refresh, which keeps the token that was used. */
  readonly refresh?: string;
  /** In seconds. */
  readonly expiresIn: number;
}

export interface Account {
  readonly userId: string;
  readonly confirmed: boolean;
  readonly createdAt: Date;
}

/**
 * The store of credentials. Passwords and codes never leave it. Every call may also fail with `throttled`. An unknown e-mail
 * address is answered like a wrong password.
 */
export interface Accounts {
  /** Creates an unconfirmed account. @returns its id; undefined if the address has one. @throws DukeError validation_failed */
  signUp(email: string, password: string): Promise<string | undefined>;
  find(email: string): Promise<Account | undefined>;
  /** Whether this is the password of the account, confirmed or not. Creates no session. */
  passwordFits(email: string, password: string): Promise<boolean>;
  addToRole(userId: string, role: UserRole): Promise<void>;
  /** Confirms without a code. */
  confirmNow(userId: string): Promise<void>;
  remove(userId: string): Promise<void>;
  /** @throws DukeError code_invalid */
  confirm(email: string, code: string): Promise<void>;
  /** Does not reveal whether a message was sent. */
  resendCode(email: string): Promise<void>;
  /** @throws DukeError bad_credentials, email_unconfirmed, user_disabled */
  signIn(email: string, password: string): Promise<Tokens>;
  /** @throws DukeError refresh_token_invalid, user_disabled */
  refresh(refreshToken: string): Promise<Tokens>;
  /** Revokes a refresh token. Invalid tokens are ignored. */
  revoke(refreshToken: string): Promise<void>;
  /** Revokes the refresh tokens of all sessions. */
  revokeAll(userId: string): Promise<void>;
  /** @throws DukeError bad_credentials, validation_failed */
  changePassword(accessToken: string, current: string, next: string): Promise<void>;
  /** Does not reveal whether a message was sent. */
  forgotPassword(email: string): Promise<void>;
  /** @throws DukeError code_invalid, validation_failed */
  resetPassword(email: string, code: string, password: string): Promise<void>;
}
