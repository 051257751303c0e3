import {
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  ChangePasswordCommand,
  CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  ResendConfirmationCodeCommand,
  RevokeTokenCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { cognitoAccounts } from '../../../lambdas/identity/cognito-accounts.ts';

const cognito = mockClient(CognitoIdentityProviderClient);
const accounts = cognitoAccounts(
  { poolId: 'pool', clientId: 'client' },
  new CognitoIdentityProviderClient({ region: 'eu-central-1' }),
);
/** As the SDK throws it. */
const aws = (name: string, message = name): Error => Object.assign(new Error(message), { name });
const RESULT = { AccessToken: 'a', IdToken: 'i', RefreshToken: 'r', ExpiresIn: 3600 };

beforeEach(() => {
  cognito.reset();
});

describe('signing in', () => {
  test('returns tokens', async () => {
    cognito.on(AdminInitiateAuthCommand).resolves({ AuthenticationResult: RESULT });
    expect(await accounts.signIn('a@b.c', 'p')).toEqual({
      access: 'a',
      id: 'i',
      refresh: 'r',
      expiresIn: 3600,
    });
    expect(cognito.commandCalls(AdminInitiateAuthCommand)[0]?.args[0].input).toEqual({
      UserPoolId: 'pool',
      ClientId: 'client',
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'a@b.c', PASSWORD: 'p' },
    });
  });

  test.each([
    [aws('NotAuthorizedException', 'Incorrect username or password.'), 'bad_credentials'],
    [aws('UserNotFoundException'), 'bad_credentials'],
    [aws('UserNotConfirmedException'), 'email_unconfirmed'],
    [aws('NotAuthorizedException', 'User is disabled.'), 'user_disabled'],
    [aws('NotAuthorizedException', 'Password attempts exceeded'), 'throttled'],
    [aws('TooManyRequestsException'), 'throttled'],
    [aws('LimitExceededException'), 'throttled'],
  ])('%s is %s', async (error, code) => {
    cognito.on(AdminInitiateAuthCommand).rejects(error);
    await expect(accounts.signIn('a@b.c', 'p')).rejects.toMatchObject({ code, cause: error });
  });

  test('reports an unknown address like a wrong password', async () => {
    const messageFor = async (error: Error): Promise<unknown> => {
      cognito.on(AdminInitiateAuthCommand).rejects(error);
      return accounts.signIn('a@b.c', 'p').catch((e: unknown) => (e as Error).message);
    };
    expect(await messageFor(aws('UserNotFoundException', 'User does not exist.'))).toBe(
      await messageFor(aws('NotAuthorizedException', 'Incorrect username or password.')),
    );
  });

  test('passes on errors that the table does not list', async () => {
    cognito.on(AdminInitiateAuthCommand).rejects(aws('AccessDeniedException'));
    await expect(accounts.signIn('a@b.c', 'p')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('rejects a challenge instead of a session', async () => {
    cognito.on(AdminInitiateAuthCommand).resolves({ ChallengeName: 'NEW_PASSWORD_REQUIRED' });
    await expect(accounts.signIn('a@b.c', 'p')).rejects.toMatchObject({ code: 'user_disabled' });
  });
});

describe('whether a password fits', () => {
  test('leaves no session behind', async () => {
    cognito.on(AdminInitiateAuthCommand).resolves({ AuthenticationResult: RESULT });
    expect(await accounts.passwordFits('a@b.c', 'p')).toBe(true);
    expect(cognito.commandCalls(RevokeTokenCommand)[0]?.args[0].input).toEqual({
      ClientId: 'client',
      Token: 'r',
    });
  });
  test.each([
    ['UserNotConfirmedException', true],
    ['NotAuthorizedException', false],
  ])('%s means %s', async (name, fits) => {
    cognito.on(AdminInitiateAuthCommand).rejects(aws(name));
    expect(await accounts.passwordFits('a@b.c', 'p')).toBe(fits);
  });
  test('throws if throttled', async () => {
    cognito.on(AdminInitiateAuthCommand).rejects(aws('TooManyRequestsException'));
    await expect(accounts.passwordFits('a@b.c', 'p')).rejects.toMatchObject({ code: 'throttled' });
  });
});

describe('signing up', () => {
  test('a taken address is not an error; a weak password is an error of its field', async () => {
    cognito.on(SignUpCommand).rejects(aws('UsernameExistsException'));
    expect(await accounts.signUp('a@b.c', 'p')).toBeUndefined();
    cognito.on(SignUpCommand).rejects(aws('InvalidPasswordException'));
    await expect(accounts.signUp('a@b.c', 'p')).rejects.toMatchObject({
      code: 'validation_failed',
      errors: [{ path: 'password' }],
    });
  });

  test('finds an existing account', async () => {
    const createdAt = new Date(0);
    cognito.on(AdminGetUserCommand).resolves({
      Username: 'x',
      UserAttributes: [{ Name: 'sub', Value: 'id' }],
      UserStatus: 'UNCONFIRMED',
      UserCreateDate: createdAt,
    });
    expect(await accounts.find('a@b.c')).toEqual({ userId: 'id', confirmed: false, createdAt });
    cognito.on(AdminGetUserCommand).rejects(aws('UserNotFoundException'));
    expect(await accounts.find('a@b.c')).toBeUndefined();
  });
});

describe('codes', () => {
  test.each([
    'CodeMismatchException',
    'ExpiredCodeException',
    'NotAuthorizedException',
    'UserNotFoundException',
    'InvalidParameterException',
  ])('reports %s as a wrong code', async (name) => {
    cognito.on(ConfirmSignUpCommand).rejects(aws(name));
    cognito.on(ConfirmForgotPasswordCommand).rejects(aws(name));
    await expect(accounts.confirm('a@b.c', '1')).rejects.toMatchObject({ code: 'code_invalid' });
    await expect(accounts.resetPassword('a@b.c', '1', 'p')).rejects.toMatchObject({ code: 'code_invalid' });
  });

  test.each([
    'UserNotFoundException',
    'InvalidParameterException',
    'LimitExceededException',
    'NotAuthorizedException',
  ])('requesting one does not reveal %s', async (name) => {
    cognito.on(ForgotPasswordCommand).rejects(aws(name));
    cognito.on(ResendConfirmationCodeCommand).rejects(aws(name));
    await expect(accounts.forgotPassword('a@b.c')).resolves.toBeUndefined();
    await expect(accounts.resendCode('a@b.c')).resolves.toBeUndefined();
  });

  test('reports that a request failed', async () => {
    cognito.on(ForgotPasswordCommand).rejects(aws('TooManyRequestsException'));
    await expect(accounts.forgotPassword('a@b.c')).rejects.toMatchObject({
      code: 'throttled',
      retryAfter: 30,
    });
    cognito.on(ForgotPasswordCommand).rejects(aws('AccessDeniedException'));
    await expect(accounts.forgotPassword('a@b.c')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('refreshing and ending', () => {
  test.each([
    ['NotAuthorizedException', 'Refresh Token has been revoked', 'refresh_token_invalid'],
    ['InvalidParameterException', 'x', 'refresh_token_invalid'],
    ['NotAuthorizedException', 'User is disabled.', 'user_disabled'],
    ['TooManyRequestsException', 'x', 'throttled'],
  ])('%s "%s" is %s', async (name, message, code) => {
    cognito.on(AdminInitiateAuthCommand).rejects(aws(name, message));
    await expect(accounts.refresh('r')).rejects.toMatchObject({ code });
  });

  test('an invalid token counts as revoked', async () => {
    cognito.on(RevokeTokenCommand).rejects(aws('InvalidParameterException'));
    await expect(accounts.revoke('r')).resolves.toBeUndefined();
    cognito.on(RevokeTokenCommand).rejects(aws('TooManyRequestsException'));
    await expect(accounts.revoke('r')).rejects.toMatchObject({ code: 'throttled' });
  });

  test('a new password that breaks the rules is an error of its field', async () => {
    cognito.on(ChangePasswordCommand).rejects(aws('InvalidPasswordException'));
    await expect(accounts.changePassword('t', 'a', 'b')).rejects.toMatchObject({
      code: 'validation_failed',
      errors: [{ path: 'new_password' }],
    });
  });
});
