import * as z from 'zod';
import { AgentName, UserRole } from '../entities/common.ts';
import { User } from '../entities/user.ts';
import { PASSWORD_LENGTH, hasNoEdgeSpaces, hasRequiredCharacters } from '../rules/password.ts';
import { Name, Text } from '../text.ts';
import { reservedNameIn } from '../values/reserved-name.ts';

const NO_EDGE_SPACES = 'must not begin or end with a space';

export const Password = Text(PASSWORD_LENGTH)
  .refine((p) => !/\p{Cc}/u.test(p), 'must not contain control characters')
  .refine(hasNoEdgeSpaces, NO_EDGE_SPACES)
  .refine(hasRequiredCharacters, 'needs an upper-case letter, a lower-case letter and a digit')
  .meta({
    description:
      'At least twelve characters with an upper-case letter, a lower-case letter and a digit; no space at either end.',
    example: 'Correct-Horse-7-Battery',
  });

/** At most 128 characters, because the address is the Cognito user name. */
export const Email = z
  .email()
  .max(128)
  // RFC 5321: 64 characters before the @, 63 in each part of the domain.
  .regex(/^[^@]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+$/, 'a part of the address is too long')
  .toLowerCase()
  .meta({ description: 'An e-mail address; case does not matter.', example: 'ada@example.com' });

export const Code = Text({ max: 64, min: 1 })
  .refine((code) => !/\s/u.test(code), 'must not contain spaces')
  .meta({ description: 'The code that was sent to the address.', example: '493817' });

export const FullName = Name({ max: 255, trim: true });

export const SignInPassword = Text({ max: PASSWORD_LENGTH.max, min: 1 }).meta({
  example: 'Correct-Horse-7-Battery',
});

export const CurrentPassword = SignInPassword.refine(hasNoEdgeSpaces, NO_EDGE_SPACES);

export const RefreshToken = Text({ max: 8192, min: 1 }).meta({
  description: 'The refresh token of the login. Omit it if it is sent as a cookie.',
  example: 'eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NN',
});

export const EmailBody = z
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
    message: 'required for agents, not allowed for others',
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

export const Registered = z
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
