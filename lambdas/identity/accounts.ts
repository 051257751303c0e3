import type { UserRole } from '../../contracts/entities/common.ts';

export interface Tokens {
  readonly access: string;
  readonly id: string;
  /** Absent in the answer to a refresh: the one that was used stays. */
  readonly refresh?: string;
  /** Seconds. */
  readonly expiresIn: number;
}

export interface Account {
  readonly userId: string;
  readonly confirmed: boolean;
  readonly createdAt: Date;
}

/**
 * Where credentials live. Every call may also fail with `throttled`; passwords and codes never leave it.
 * What is said of an unknown e-mail address is what is said of a wrong password.
 */
export interface Accounts {
  /** Id of the new, unconfirmed account; undefined where the address has one. @throws DukeError validation_failed */
  signUp(email: string, password: string): Promise<string | undefined>;
  find(email: string): Promise<Account | undefined>;
  /** Whether this is the account's password, confirmed or not. Leaves no session behind. */
  passwordFits(email: string, password: string): Promise<boolean>;
  addToRole(userId: string, role: UserRole): Promise<void>;
  /** Confirms without a code. */
  confirmNow(userId: string): Promise<void>;
  remove(userId: string): Promise<void>;
  /** @throws DukeError code_invalid */
  confirm(email: string, code: string): Promise<void>;
  /** Silent about whether anything was sent. */
  resendCode(email: string): Promise<void>;
  /** @throws DukeError bad_credentials, email_unconfirmed, user_disabled */
  signIn(email: string, password: string): Promise<Tokens>;
  /** @throws DukeError refresh_token_invalid, user_disabled */
  refresh(refreshToken: string): Promise<Tokens>;
  /** Ends the session of a refresh token; a token that is none is as good as ended. */
  revoke(refreshToken: string): Promise<void>;
  /** Ends every session's refresh token. */
  revokeAll(userId: string): Promise<void>;
  /** @throws DukeError bad_credentials, validation_failed */
  changePassword(accessToken: string, current: string, next: string): Promise<void>;
  /** Silent about whether anything was sent. */
  forgotPassword(email: string): Promise<void>;
  /** @throws DukeError code_invalid, validation_failed */
  resetPassword(email: string, code: string, password: string): Promise<void>;
}
