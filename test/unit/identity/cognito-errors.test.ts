import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { identityOperations } from '../../../contracts/api/identity.ts';
import type { MockInstance } from 'vitest';
import type { Operation } from '../../../contracts/api/operation.ts';
import { DukeError } from '../../../contracts/errors.ts';
import type { ErrorCode } from '../../../contracts/errors.ts';
import { cognitoAccounts } from '../../../lambdas/identity/cognito-accounts.ts';
import { OF_OUR_MAKING } from '../../../lambdas/identity/cognito-errors.ts';
import { logger } from '../../../lambdas/shared/logger.ts';

const cognito = mockClient(CognitoIdentityProviderClient);
const accounts = cognitoAccounts(
  { poolId: 'pool', clientId: 'client' },
  new CognitoIdentityProviderClient({ region: 'eu-central-1' }),
);
const aws = (name: string, message = name): Error => Object.assign(new Error(message), { name });

/** Every call of ours, and the route that answers with its errors; inner ones are behind `register`. */
const CALLS: readonly [string, () => Promise<unknown>, Operation][] = [
  ['signUp', () => accounts.signUp('a@b.c', 'p'), identityOperations.register],
  ['find', () => accounts.find('a@b.c'), identityOperations.register],
  ['passwordFits', () => accounts.passwordFits('a@b.c', 'p'), identityOperations.register],
  ['addToRole', () => accounts.addToRole('id', 'buyer'), identityOperations.register],
  ['confirmNow', () => accounts.confirmNow('id'), identityOperations.register],
  ['remove', () => accounts.remove('id'), identityOperations.register],
  ['confirm', () => accounts.confirm('a@b.c', '1'), identityOperations.confirm],
  ['resendCode', () => accounts.resendCode('a@b.c'), identityOperations.resendCode],
  ['signIn', () => accounts.signIn('a@b.c', 'p'), identityOperations.login],
  ['refresh', () => accounts.refresh('r'), identityOperations.refresh],
  ['revoke', () => accounts.revoke('r'), identityOperations.logout],
  ['revokeAll', () => accounts.revokeAll('id'), identityOperations.logout],
  ['forgotPassword', () => accounts.forgotPassword('a@b.c'), identityOperations.forgotPassword],
  ['resetPassword', () => accounts.resetPassword('a@b.c', '1', 'p'), identityOperations.resetPassword],
  ['changePassword', () => accounts.changePassword('t', 'a', 'b'), identityOperations.updateProfile],
];

/** Of flows that we do not use: nothing of ours can meet them. */
const ELSEWHERE =
  /^(WebAuthn|EnableSoftwareToken|DeviceKey|DuplicateProvider|GroupExists|ManagedLogin|PreconditionNotMet|ScopeDoesNot|TermsExists|TierChange|UnsupportedIdentity|UserImport|UserPoolTagging|CognitoIdentityProviderService)/;
const EXCEPTIONS = Object.keys(sdk).filter((name) => name.endsWith('Exception') && !ELSEWHERE.test(name));

let logged: MockInstance;
beforeEach(() => {
  cognito.reset();
  logged = vi
    .spyOn(logger, 'error')
    .mockReset()
    .mockImplementation(() => undefined);
});

const endOf = (call: () => Promise<unknown>): Promise<unknown> => call().catch((error: unknown) => error);

describe.each(EXCEPTIONS)('%s', (name) => {
  test.each(CALLS)('in %s is mapped to an error of the API', async (_call, call) => {
    cognito.onAnyCommand().rejects(aws(name));
    const end = await endOf(call);
    if (OF_OUR_MAKING.has(name)) expect(end).toMatchObject({ name });
    else if (end instanceof Error) {
      expect(end).toBeInstanceOf(DukeError);
      expect((end as DukeError).status === 503 || (end as DukeError).status < 500).toBe(true);
      if ((end as DukeError).code === 'validation_failed') expect(end).toHaveProperty('errors');
    }
  });
});

describe('invalid parameters of Cognito', () => {
  const constraint = (field: string) =>
    aws(
      'InvalidParameterException',
      `1 validation error detected: Value at '${field}' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$`,
    );
  const general = aws('InvalidParameterException', 'Something is not as it should be.');

  test.each<[string, () => Promise<unknown>, Error, ErrorCode, string[] | undefined]>([
    ['sign-up', () => accounts.signUp('a@b.c', 'p'), constraint('password'), 'validation_failed', ['password']],
    ['sign-up', () => accounts.signUp('a@b.c', 'p'), constraint('username'), 'validation_failed', ['email']],
    ['sign-up', () => accounts.signUp('a@b.c', 'p'), general, 'validation_failed', ['email', 'password']],
    ['sign-in', () => accounts.signIn('a@b.c', 'p'), general, 'validation_failed', ['email', 'password']],
    [
      'a change', () => accounts.changePassword('t', 'a', 'b'), constraint('previousPassword'), 'validation_failed', ['current_password'],
    ],
    [
      'a change', () => accounts.changePassword('t', 'a', 'b'), constraint('proposedPassword'), 'validation_failed', ['new_password'],
    ],
    ['a reset', () => accounts.resetPassword('e', '1', 'p'), constraint('password'), 'validation_failed', ['new_password']],
    ['a reset', () => accounts.resetPassword('e', '1', 'p'), general, 'code_invalid', undefined],
    ['a confirmation', () => accounts.confirm('e', '1'), constraint('confirmationCode'), 'code_invalid', undefined],
    ['a refresh', () => accounts.refresh('r'), general, 'refresh_token_invalid', undefined],
  ])('%s: %#', async (_name, call, error, code, paths) => {
    cognito.onAnyCommand().rejects(error);
    const end = (await endOf(call)) as DukeError;
    expect([end.code, end.errors?.map(({ path }) => path)]).toEqual([code, paths]);
  }); // prettier-ignore

  test('a malformed token is rejected without a call', async () => {
    for (const token of ['a b', 'é', '\ud800', 'a\n', 'x;y']) {
      await expect(accounts.refresh(token)).rejects.toMatchObject({ code: 'refresh_token_invalid' });
      await expect(accounts.revoke(token)).resolves.toBeUndefined();
    }
    expect(cognito.calls()).toHaveLength(0);
  });

  test('a failed delivery of a code does not reveal whether the address is known', async () => {
    cognito.onAnyCommand().rejects(aws('CodeDeliveryFailureException'));
    await expect(accounts.forgotPassword('a@b.c')).resolves.toBeUndefined();
    expect(logged).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(logged.mock.calls)).not.toContain('a@b.c');
  });

  test('a revoked access token is not reported as a wrong password', async () => {
    cognito.onAnyCommand().rejects(aws('NotAuthorizedException', 'Access Token has been revoked'));
    await expect(accounts.changePassword('t', 'a', 'b')).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('passwords are rejected before a call to Cognito', () => {
  const PLACES: [string, Operation, object, string][] = [
    ['register', identityOperations.register, { email: 'a@example.com', user_type: 'buyer' }, 'password'],
    [
      'resetPassword',
      identityOperations.resetPassword,
      { email: 'a@example.com', code: '1' },
      'new_password',
    ],
    [
      'updateProfile',
      identityOperations.updateProfile,
      { current_password: 'Long-enough-1' },
      'new_password',
    ],
    [
      'updateProfile',
      identityOperations.updateProfile,
      { new_password: 'Long-enough-1' },
      'current_password',
    ],
  ];
  const BAD = [
    ' LeadingSpace1xyz', 'TrailingSpace1xyz ', '\tLeadingTab1xyz', 'TrailingLine1xyz\n', '\u00a0NoBreakSpace1xyz', '\u3000Ideographic1xyz',
    ' ', 'Surrogate1xyz\ud800', 'Null1xyz\u0000abcde',
  ]; // prettier-ignore
  test.each(PLACES.flatMap((place) => BAD.map((password) => [...place, password] as const)))(
    '%s: %#',
    (_name, operation, rest, field, password) => {
      const parsed = operation.body!.safeParse({ ...rest, [field]: password });
      expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toContain(field);
    },
  );
  test.each(['Inner space is 1 fine', 'Long-enough-1', 'Pässwörter-1xyz', 'emoji 🦆 Inside 1'])(
    '%s is rejected',
    (password) => {
      expect(
        identityOperations.resetPassword.body.safeParse({
          email: 'a@b.de',
          code: '1',
          new_password: password,
        }).success,
      ).toBe(true);
    },
  );
  test('an address longer than a user name is rejected', () => {
    const email = `${'a'.repeat(60)}@${'b'.repeat(60)}.example.com`;
    expect(identityOperations.login.body.safeParse({ email, password: 'x' }).success).toBe(false);
  });
});
