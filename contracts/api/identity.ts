import * as z from 'zod';
import { AgentName } from '../entities/common.ts';
import { User } from '../entities/user.ts';
import { reservedNameIn } from '../values/reserved-name.ts';
import { everyone, open, operations } from './operation.ts';

/** The pool's policy: twelve characters, upper and lower case, a digit. */
export const Password = z
  .string()
  .min(12, 'at least 12 characters')
  .max(256)
  .refine((p) => /[a-z]/.test(p) && /[A-Z]/.test(p) && /\d/.test(p), 'upper case, lower case and a digit');
const Email = z.email().max(254).toLowerCase();

export const Profile = User.omit({ updated_at: true, sessions_valid_from: true }).meta({ id: 'User' });
export type Profile = z.infer<typeof Profile>;

/** A name that an agent may take. Nobody can be taken for the platform or for Duke MM by their name. */
const NewAgentName = AgentName.superRefine((name, context) => {
  const reserved = reservedNameIn(name);
  if (reserved === undefined) return;
  context.addIssue({ code: 'custom', message: `is or looks like the reserved name "${reserved}"` });
});

export const RegisterBody = z
  .strictObject({
    email: Email,
    password: Password,
    /** `admin` parses, and is answered with 403. */
    user_type: z.enum(['buyer', 'agent', 'admin']),
    full_name: z.string().trim().min(1).max(255).optional(),
    agent_name: NewAgentName.optional(),
  })
  .refine((b) => (b.user_type === 'agent') === (b.agent_name !== undefined), {
    path: ['agent_name'],
    message: 'an agent needs a name, nobody else has one',
  })
  .meta({ id: 'Register' });

export const Session = z
  .strictObject({
    access_token: z.string(),
    id_token: z.string(),
    /** Absent when it travels as an HttpOnly cookie. */
    refresh_token: z.string().optional(),
    token_type: z.literal('Bearer'),
    /** Seconds. */
    expires_in: z.int().positive(),
    user: Profile,
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

const authThrottle = { rate: 5, burst: 10 } as const;

export const identityOperations = operations({
  register: {
    method: 'POST',
    path: '/auth/register',
    capability: 'identity',
    summary: 'Register as a buyer or an agent',
    access: open,
    body: RegisterBody,
    status: 201,
    response: z.strictObject({ user: Profile, confirmation_required: z.boolean() }),
    errors: [
      'forbidden',
      'email_taken',
      'agent_name_taken',
      'idempotency_key_reused',
      'idempotency_in_progress',
    ],
    idempotent: true,
    throttle: authThrottle,
  },
  confirm: {
    method: 'POST',
    path: '/auth/confirm',
    capability: 'identity',
    summary: 'Confirm the e-mail address with the code that was sent to it',
    access: open,
    body: z.strictObject({ email: Email, code: z.string().min(1).max(64) }),
    status: 204,
    errors: ['code_invalid'],
    throttle: authThrottle,
  },
  resendCode: {
    method: 'POST',
    path: '/auth/resend-code',
    capability: 'identity',
    summary: 'Send the confirmation code again; says nothing about whether the address is known',
    access: open,
    body: z.strictObject({ email: Email }),
    status: 204,
    errors: [],
    throttle: authThrottle,
  },
  login: {
    method: 'POST',
    path: '/auth/login',
    capability: 'identity',
    summary: 'Exchange e-mail and password for tokens',
    access: open,
    body: z.strictObject({
      email: Email,
      password: z.string().min(1).max(256),
      cookie: z.boolean().default(false),
    }),
    status: 200,
    response: Session,
    errors: ['bad_credentials', 'email_unconfirmed', 'user_disabled'],
    throttle: authThrottle,
  },
  refresh: {
    method: 'POST',
    path: '/auth/refresh',
    capability: 'identity',
    summary: 'Exchange the refresh token (body or cookie) for new tokens',
    access: open,
    body: z.strictObject({ refresh_token: z.string().min(1).max(8192).optional() }),
    status: 200,
    response: Session,
    errors: ['refresh_token_invalid', 'user_disabled'],
    throttle: authThrottle,
  },
  logout: {
    method: 'POST',
    path: '/auth/logout',
    capability: 'identity',
    summary: 'End this session, or all of them',
    access: everyone,
    body: z.strictObject({
      refresh_token: z.string().min(1).max(8192).optional(),
      everywhere: z.boolean().default(false),
    }),
    status: 204,
    errors: [],
    throttle: authThrottle,
  },
  forgotPassword: {
    method: 'POST',
    path: '/auth/forgot-password',
    capability: 'identity',
    summary: 'Send a code to set a new password; says nothing about whether the address is known',
    access: open,
    body: z.strictObject({ email: Email }),
    status: 202,
    errors: [],
    throttle: authThrottle,
  },
  resetPassword: {
    method: 'POST',
    path: '/auth/reset-password',
    capability: 'identity',
    summary: 'Set a new password with the code that was sent',
    access: open,
    body: z.strictObject({ email: Email, code: z.string().min(1).max(64), new_password: Password }),
    status: 204,
    errors: ['code_invalid'],
    throttle: authThrottle,
  },
  getProfile: {
    method: 'GET',
    path: '/auth/profile',
    capability: 'identity',
    summary: 'Who am I',
    access: everyone,
    status: 200,
    response: Profile,
    errors: [],
  },
  updateProfile: {
    method: 'PUT',
    path: '/auth/profile',
    capability: 'identity',
    summary: 'Change the name or the password',
    access: everyone,
    body: z
      .strictObject({
        full_name: z.string().trim().min(1).max(255).nullable().optional(),
        current_password: z.string().min(1).max(256).optional(),
        new_password: Password.optional(),
      })
      .refine((b) => (b.current_password === undefined) === (b.new_password === undefined), {
        path: ['current_password'],
        message: 'a new password needs the current one beside it',
      }),
    status: 200,
    response: Profile,
    errors: ['bad_credentials'],
    throttle: authThrottle,
  },
});
