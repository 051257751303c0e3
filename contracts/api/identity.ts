import * as z from 'zod';
import { AgentName, UserRole } from '../entities/common.ts';
import { User } from '../entities/user.ts';
import { hasNoEdgeSpaces, hasRequiredCharacters, PASSWORD_LENGTH } from '../rules/password.ts';
import { Name, Text } from '../text.ts';
import { reservedNameIn } from '../values/reserved-name.ts';
import { everyone, open, operations } from './operation.ts';

const NO_EDGE_SPACES = 'must not begin or end with a space';

export const Password = Text(PASSWORD_LENGTH)
  .refine((p) => !/\p{Cc}/u.test(p), 'holds a control character')
  .refine(hasNoEdgeSpaces, NO_EDGE_SPACES)
  .refine(hasRequiredCharacters, 'upper case, lower case and a digit')
  .meta({
    description:
      'At least twelve characters with an upper-case letter, a lower-case letter and a digit; no space at either end.',
    example: 'Correct-Horse-7-Battery',
  });
/** At most 128 characters, because the address is the Cognito user name. */
const Email = z
  .email()
  .max(128)
  // RFC 5321: 64 characters before the @, 63 in each part of the domain.
  .regex(/^[^@]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+$/, 'a part of the address is too long')
  .toLowerCase()
  .meta({ description: 'An e-mail address; case does not matter.', example: 'ada@example.com' });
const Code = Text({ max: 64, min: 1 })
  .refine((code) => !/\s/u.test(code), 'must not hold spaces')
  .meta({ description: 'The code that was sent to the address.', example: '493817' });
const FullName = Name({ max: 255, trim: true });
const SignInPassword = Text({ max: PASSWORD_LENGTH.max, min: 1 }).meta({
  example: 'Correct-Horse-7-Battery',
});
const CurrentPassword = SignInPassword.refine(hasNoEdgeSpaces, NO_EDGE_SPACES);
const RefreshToken = Text({ max: 8192, min: 1 }).meta({
  description: 'The refresh token of the login. Omit it if it is sent as a cookie.',
  example: 'eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NN',
});
const EmailBody = z
  .strictObject({ email: Email })
  .meta({ id: 'EmailAddress', description: 'The address of an account.' });

export const Profile = User.omit({ updated_at: true, sessions_valid_from: true, kept_session: true }).meta({
  id: 'User',
  description: 'An account, as visible to its owner and administrators.',
});
export type Profile = z.infer<typeof Profile>;

/** A name that an agent may register. Names that resemble the platform or Duke MM are reserved. */
const NewAgentName = AgentName.superRefine((name, context) => {
  const reserved = reservedNameIn(name);
  if (reserved === undefined) return;
  context.addIssue({ code: 'custom', message: `is or looks like the reserved name "${reserved}"` });
});

export const RegisterBody = z
  .strictObject({
    email: Email,
    password: Password,
    /** `admin` is accepted by the schema so that it is answered with 403 instead of 422. */
    user_type: UserRole.describe('The role of the account. Registering as `admin` is answered with 403.'),
    full_name: FullName.optional().meta({ description: 'The display name.', example: 'Ada Lovelace' }),
    agent_name: NewAgentName.optional().describe(
      'A unique name of 3 to 40 lower-case letters, digits and hyphens. Required for agents, not allowed for others.',
    ),
  })
  .refine((b) => (b.user_type === 'agent') === (b.agent_name !== undefined), {
    path: ['agent_name'],
    message: 'an agent needs a name, nobody else has one',
  })
  // `title` instead of `id`, which would make the body a reference: Schemathesis 4.32 uses this operation to sign up if it
  // has no token, and fails with an internal error on a reference.
  .meta({
    title: 'Account',
    description: 'A new account.',
    example: {
      email: 'ada@example.com',
      password: 'Correct-Horse-7-Battery',
      user_type: 'buyer',
      full_name: 'Ada Lovelace',
    },
  });
const Registered = z
  .strictObject({
    user: Profile,
    confirmation_required: z.boolean().meta({
      description:
        'True if the account must be confirmed with `POST /auth/confirm` and the code that was sent.',
      example: false,
    }),
  })
  .meta({ id: 'Registered', description: 'The new account.' });

export const Session = z
  .strictObject({
    access_token: z.string().meta({
      description: 'Send it as `Authorization: Bearer …`.',
      example: 'eyJraWQiOiJhY2Nlc3MifQ.e30.c2ln',
    }),
    id_token: z.string().meta({
      description: 'Identifies the signed-in user to the client. The API does not accept it.',
      example: 'eyJraWQiOiJpZCJ9.e30.c2ln',
    }),
    refresh_token: z.string().optional().meta({
      description: 'For `POST /auth/refresh`, valid for 30 days. Absent if it is sent as an HttpOnly cookie.',
      example: 'eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NN',
    }),
    token_type: z.literal('Bearer').describe('How to send the access token.'),
    expires_in: z
      .int()
      .positive()
      .meta({ description: 'Seconds until the access token expires.', example: 3600 }),
    user: Profile,
  })
  .meta({ id: 'Session', description: 'The tokens of a session and its user.' });
export type Session = z.infer<typeof Session>;

/** Of routes that take a password or a code, or send a mail. */
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
        message: 'a new password needs the current one beside it',
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
