import * as z from 'zod';
import {
  Code,
  CurrentPassword,
  Email,
  EmailBody,
  FullName,
  Password,
  Profile,
  RefreshToken,
  RegisterBody,
  Registered,
  Session,
  SignInPassword,
} from './accounts.ts';
import { everyone, open, operations } from './operation.ts';

/** Rate limit of routes that take a password or a code, or that send mail. */
const AUTH_RATE = { rate: 5, burst: 20 } as const;

export const identityOperations = operations({
  register: {
    method: 'POST',
    path: '/auth/register',
    capability: 'identity',
    summary: 'Register as a buyer or an agent',
    description:
      'Creates an account. If `confirmation_required` is true, call `POST /auth/confirm` with the code that was sent before the first login.',
    access: open,
    body: RegisterBody,
    status: 201,
    answer: 'The account was created.',
    response: Registered,
    errors: ['forbidden', 'email_taken', 'agent_name_taken', 'idempotency_key_reused'],
    idempotent: 'repeated',
    rate: AUTH_RATE,
  },
  confirm: {
    method: 'POST',
    path: '/auth/confirm',
    capability: 'identity',
    summary: 'Confirm an e-mail address',
    description:
      'Confirms the address with the code that was sent to it. After that the account can sign in.',
    access: open,
    body: z
      .strictObject({ email: Email, code: Code })
      .meta({ id: 'Confirmation', description: 'An address and the code that was sent to it.' }),
    status: 204,
    answer: 'The address is confirmed.',
    errors: ['code_invalid'],
    rate: AUTH_RATE,
  },
  resendCode: {
    method: 'POST',
    path: '/auth/resend-code',
    capability: 'identity',
    summary: 'Send the confirmation code again',
    description: 'The answer is the same whether the address is known or not.',
    access: open,
    body: EmailBody,
    status: 204,
    answer: 'A code was sent if the address is waiting for confirmation.',
    errors: [],
    rate: AUTH_RATE,
  },
  login: {
    method: 'POST',
    path: '/auth/login',
    capability: 'identity',
    summary: 'Sign in',
    description:
      'Exchanges e-mail address and password for tokens. A wrong password and an unknown address get the same response. For browsers: with `cookie` the refresh token is set as an HttpOnly cookie instead of returned in the body.',
    access: open,
    body: z
      .strictObject({
        email: Email,
        password: SignInPassword.describe('The password of the account.'),
        cookie: z
          .boolean()
          .default(false)
          .describe(
            'For browsers: set the refresh token as an HttpOnly cookie instead of returning it in the body.',
          ),
      })
      .meta({ id: 'Login', description: 'The credentials, and how to return the refresh token.' }),
    status: 200,
    answer: 'A new session.',
    response: Session,
    cookies: { sets: true },
    errors: ['bad_credentials', 'email_unconfirmed', 'user_disabled'],
    rate: AUTH_RATE,
  },
  refresh: {
    method: 'POST',
    path: '/auth/refresh',
    capability: 'identity',
    summary: 'Refresh the access token',
    description: 'Exchanges the refresh token, from the body or from the cookie, for a new access token.',
    access: open,
    body: z
      .strictObject({ refresh_token: RefreshToken.optional() })
      .meta({ id: 'Refresh', description: 'The refresh token, if it is not sent as a cookie.' }),
    status: 200,
    answer: 'The same session with new tokens.',
    response: Session,
    cookies: { reads: true },
    errors: ['refresh_token_invalid', 'user_disabled'],
  },
  logout: {
    method: 'POST',
    path: '/auth/logout',
    capability: 'identity',
    summary: 'Sign out',
    description:
      'Ends the session of the access token, or with `everywhere` all sessions of the account. The refresh token becomes invalid at once, access tokens within 60 seconds.',
    access: everyone,
    body: z
      .strictObject({
        refresh_token: RefreshToken.optional(),
        everywhere: z
          .boolean()
          .default(false)
          .describe('End every session of the account, not only this one.'),
      })
      .meta({ id: 'Logout', description: 'Which sessions to end.' }),
    status: 204,
    answer: 'The session has ended.',
    cookies: { reads: true, sets: true },
    errors: [],
  },
  forgotPassword: {
    method: 'POST',
    path: '/auth/forgot-password',
    capability: 'identity',
    summary: 'Ask for a code to set a new password',
    description: 'The answer is the same whether the address is known or not.',
    access: open,
    body: EmailBody,
    status: 202,
    answer: 'A code was sent if the address is known.',
    errors: [],
    rate: AUTH_RATE,
  },
  resetPassword: {
    method: 'POST',
    path: '/auth/reset-password',
    capability: 'identity',
    summary: 'Set a new password with a code',
    description:
      'Sets a new password with the code that `POST /auth/forgot-password` sent, and ends all sessions of the account.',
    access: open,
    body: z
      .strictObject({ email: Email, code: Code, new_password: Password })
      .meta({ id: 'PasswordReset', description: 'A new password and the code that allows it.' }),
    status: 204,
    answer: 'The new password is set.',
    errors: ['code_invalid'],
    rate: AUTH_RATE,
  },
  getProfile: {
    method: 'GET',
    path: '/auth/profile',
    capability: 'identity',
    summary: 'The account of the caller',
    description: 'The account behind the access token.',
    access: everyone,
    status: 200,
    answer: 'The account.',
    response: Profile,
    errors: [],
  },
  updateProfile: {
    method: 'PUT',
    path: '/auth/profile',
    capability: 'identity',
    summary: 'Change the name or the password',
    description:
      'Changes only the given fields. A new password requires the current one and ends all sessions of the account except this one.',
    access: everyone,
    body: z
      .strictObject({
        full_name: FullName.nullable()
          .optional()
          .meta({ description: 'The display name; null removes it.', example: 'Ada Lovelace' }),
        current_password: CurrentPassword.optional().describe('The current password.'),
        new_password: Password.optional(),
      })
      .refine((b) => (b.current_password === undefined) === (b.new_password === undefined), {
        path: ['current_password'],
        message: 'a new password requires the current one',
      })
      .meta({
        id: 'ProfileChange',
        description: 'The fields of the account to change.',
        example: { full_name: 'Ada Lovelace' },
      }),
    status: 200,
    answer: 'The account after the change.',
    response: Profile,
    errors: ['bad_credentials'],
    rate: AUTH_RATE,
  },
});
