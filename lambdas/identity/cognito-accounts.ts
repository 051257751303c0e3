import {
  AdminAddUserToGroupCommand,
  AdminConfirmSignUpCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminUserGlobalSignOutCommand,
  ChangePasswordCommand,
  CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  ResendConfirmationCodeCommand,
  RevokeTokenCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { AdminInitiateAuthCommandOutput } from '@aws-sdk/client-cognito-identity-provider';
import { DukeError } from '../../contracts/errors.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import { logger } from '../shared/logger.ts';
import type { Accounts, Tokens } from './accounts.ts';
import { codeOf, refusedField, translated } from './cognito-errors.ts';
import type { FieldNames } from './cognito-errors.ts';

export interface Pool {
  readonly poolId: string;
  readonly clientId: string;
}

const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

/** Sends a call to Cognito and translates its errors. @param fields of the request, by Cognito's names */
async function calling<T>(call: Promise<T>, fields?: FieldNames): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw translated(error, fields);
  }
}

/** Errors that reveal nothing about an account, so that they may be shown. */
const SERVICE_WIDE = [
  'TooManyRequestsException',
  'ForbiddenException',
  'InternalErrorException',
  'InternalServerException',
];

/** Awaits a call and hides errors that would reveal whether an account exists. */
async function quietly(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (codeOf(error) === undefined || isNamed(error, ...SERVICE_WIDE)) throw translated(error);
    if (codeOf(error) === 'unavailable') logger.error('code not sent', { error: error as Error });
  }
}

function tokensOf({ AuthenticationResult: result, ChallengeName }: AdminInitiateAuthCommandOutput): Tokens {
  if (!result?.AccessToken || !result.IdToken || !result.ExpiresIn) {
    throw new DukeError(
      'user_disabled',
      `This account needs a step that is not offered here: ${ChallengeName}.`,
    );
  }
  return {
    access: result.AccessToken,
    id: result.IdToken,
    ...(result.RefreshToken !== undefined && { refresh: result.RefreshToken }),
    expiresIn: result.ExpiresIn,
  };
}

function byPassword(cognito: CognitoIdentityProviderClient, { poolId, clientId }: Pool) {
  return async (email: string, password: string): Promise<Tokens> =>
    tokensOf(
      await calling(
        cognito.send(
          new AdminInitiateAuthCommand({
            UserPoolId: poolId,
            ClientId: clientId,
            AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
            AuthParameters: { USERNAME: email, PASSWORD: password },
          }),
        ),
        { username: 'email', password: 'password' },
      ),
    );
}

/** Format of Cognito's refresh tokens. It rejects others as an invalid parameter. */
const TOKEN = /^[\w.=-]+$/;

function sessionsOf(cognito: CognitoIdentityProviderClient, pool: Pool) {
  const { poolId: UserPoolId, clientId: ClientId } = pool;
  const signIn = byPassword(cognito, pool);
  const revoke: Accounts['revoke'] = async (Token) => {
    if (!TOKEN.test(Token)) return;
    try {
      await cognito.send(new RevokeTokenCommand({ ClientId, Token }));
    } catch (error) {
      // An invalid or expired refresh token is as good as revoked.
      const dead = ['NotAuthorizedException', 'UnauthorizedException', 'InvalidParameterException'];
      if (!isNamed(error, ...dead, 'UnsupportedTokenTypeException')) throw translated(error);
    }
  };
  return {
    signIn,
    revoke,
    async passwordFits(email, password) {
      try {
        const { refresh } = await signIn(email, password);
        if (refresh !== undefined) await revoke(refresh);
        return true;
      } catch (error) {
        // Cognito checks the password before the confirmation.
        const code = error instanceof DukeError ? error.code : undefined;
        if (code === 'email_unconfirmed') return true;
        if (code === 'bad_credentials' || code === 'user_disabled') return false;
        throw error;
      }
    },
    async refresh(refreshToken) {
      const wrong = (cause?: unknown) => new DukeError('refresh_token_invalid', 'Log in again.', { cause });
      if (!TOKEN.test(refreshToken)) throw wrong();
      try {
        return tokensOf(
          await cognito.send(
            new AdminInitiateAuthCommand({
              UserPoolId,
              ClientId,
              AuthFlow: 'REFRESH_TOKEN_AUTH',
              AuthParameters: { REFRESH_TOKEN: refreshToken },
            }),
          ),
        );
      } catch (error) {
        const dead: readonly (ErrorCode | undefined)[] = ['bad_credentials', 'email_unconfirmed'];
        throw dead.includes(codeOf(error)) || isNamed(error, 'InvalidParameterException')
          ? wrong(error)
          : translated(error);
      }
    },
    async revokeAll(Username) {
      await calling(cognito.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username })));
    },
  } satisfies Partial<Accounts>;
}

function passwordsOf(cognito: CognitoIdentityProviderClient, { clientId: ClientId }: Pool) {
  return {
    async changePassword(AccessToken, PreviousPassword, ProposedPassword) {
      await calling(
        cognito.send(new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword })),
        { previousPassword: 'current_password', proposedPassword: 'new_password' },
      );
    },
    forgotPassword: (Username) => quietly(cognito.send(new ForgotPasswordCommand({ ClientId, Username }))),
    async resetPassword(Username, ConfirmationCode, Password) {
      const command = new ConfirmForgotPasswordCommand({ ClientId, Username, ConfirmationCode, Password });
      await withCode(cognito.send(command), { password: 'new_password' });
    },
  } satisfies Partial<Accounts>;
}

/** Unknown and already confirmed addresses are answered like a wrong code. */
async function withCode(call: Promise<unknown>, fields: FieldNames = {}): Promise<void> {
  try {
    await call;
  } catch (error) {
    const ours = translated(error, fields);
    const hidden = ours instanceof DukeError && ['bad_credentials', 'email_taken'].includes(ours.code);
    // "Cannot reset the password: no verified address" would reveal the state of the account.
    const unnamed =
      isNamed(error, 'InvalidParameterException') && refusedField(error as Error, fields) === undefined;
    throw hidden || unnamed
      ? new DukeError('code_invalid', 'Ask for a new code and try again.', { cause: error })
      : ours;
  }
}

/** Accounts in a Cognito user pool. The client's region, endpoint and credentials come from the environment. */
export function cognitoAccounts(pool: Pool, cognito = new CognitoIdentityProviderClient()): Accounts {
  const { poolId: UserPoolId, clientId: ClientId } = pool;
  return {
    ...sessionsOf(cognito, pool),
    ...passwordsOf(cognito, pool),
    async signUp(email, Password) {
      try {
        const { UserSub } = await cognito.send(
          new SignUpCommand({
            ClientId,
            Username: email,
            Password,
            UserAttributes: [{ Name: 'email', Value: email }],
          }),
        );
        if (UserSub === undefined) throw new Error('Cognito signed somebody up without an id');
        return UserSub;
      } catch (error) {
        if (isNamed(error, 'UsernameExistsException')) return undefined;
        throw translated(error, { username: 'email', password: 'password' });
      }
    },
    async find(email) {
      try {
        const found = await cognito.send(new AdminGetUserCommand({ UserPoolId, Username: email }));
        const sub = found.UserAttributes?.find((attribute) => attribute.Name === 'sub')?.Value;
        if (sub === undefined || !found.UserCreateDate) throw new Error('Cognito knows a user without an id');
        return {
          userId: sub,
          confirmed: found.UserStatus !== 'UNCONFIRMED',
          createdAt: found.UserCreateDate,
        };
      } catch (error) {
        if (isNamed(error, 'UserNotFoundException')) return undefined;
        throw translated(error);
      }
    },
    async addToRole(Username, GroupName) {
      await calling(cognito.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName })));
    },
    async confirmNow(Username) {
      await calling(cognito.send(new AdminConfirmSignUpCommand({ UserPoolId, Username })));
    },
    async remove(Username) {
      await calling(cognito.send(new AdminDeleteUserCommand({ UserPoolId, Username })));
    },
    async confirm(Username, ConfirmationCode) {
      await withCode(cognito.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode })));
    },
    resendCode: (Username) =>
      quietly(cognito.send(new ResendConfirmationCodeCommand({ ClientId, Username }))),
  };
}
