import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRecovery, CfnUserPoolGroup, FeaturePlan, Mfa, UserPool } from 'aws-cdk-lib/aws-cognito';
import type { UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { UserRole } from '../../contracts/entities/common.ts';
import { PASSWORD_LENGTH } from '../../contracts/rules/password.ts';
import type { NeedsEnv } from '../shared/typed-function.ts';
import type { StageConfig } from '../stage-config.ts';

type AuthVariable = 'USER_POOL_ID' | 'USER_POOL_CLIENT_ID' | 'TOKEN_ISSUER' | 'JWKS_URI';

/** The user pool, its roles as groups, and the client that the identity function uses. */
export class UserDirectory extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  private readonly stage: StageConfig;

  constructor(scope: Construct, id: string, { stage }: { stage: StageConfig }) {
    super(scope, id);
    this.stage = stage;
    this.pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: true,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      standardAttributes: { email: { required: true, mutable: true } },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      // The same rule as `Password` in contracts/api/accounts.ts.
      passwordPolicy: {
        minLength: PASSWORD_LENGTH.min,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: false,
        tempPasswordValidity: Duration.days(3),
      },
      mfa: Mfa.OFF,
      featurePlan: FeaturePlan.ESSENTIALS,
      deletionProtection: stage.durable,
      removalPolicy: stage.durable ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    for (const groupName of UserRole.options) {
      new CfnUserPoolGroup(this, `Group-${groupName}`, { userPoolId: this.pool.userPoolId, groupName });
    }
    this.client = this.pool.addClient('Client', {
      generateSecret: false,
      disableOAuth: true,
      // Only the identity function's role may check passwords, so that its throttle cannot be bypassed.
      authFlows: { adminUserPassword: true },
      accessTokenValidity: Duration.minutes(60),
      idTokenValidity: Duration.minutes(60),
      refreshTokenValidity: Duration.days(30),
      enableTokenRevocation: true,
      preventUserExistenceErrors: true,
    });
  }

  /** Lets a function verify tokens. Sets variables only, since the keys are public. */
  grantVerify(fn: NeedsEnv<AuthVariable>): void {
    const issuer = `https://cognito-idp.${Stack.of(this).region}.amazonaws.com/${this.pool.userPoolId}`;
    const keysAt = this.stage.name === 'local' ? `${this.stage.awsUrl}/${this.pool.userPoolId}` : issuer;
    fn.set({
      USER_POOL_ID: this.pool.userPoolId,
      USER_POOL_CLIENT_ID: this.client.userPoolClientId,
      TOKEN_ISSUER: issuer,
      JWKS_URI: `${keysAt}/.well-known/jwks.json`,
    });
  }

  /**
   * Lets a function sign users in and out and manage their accounts. Sign-up, confirmation, revocation, and changed and
   * forgotten passwords need no permission, since Cognito accepts them unsigned.
   */
  grantAccounts(fn: NeedsEnv<AuthVariable>): void {
    fn.allow(
      new PolicyStatement({
        actions: [
          'cognito-idp:AdminInitiateAuth',
          'cognito-idp:AdminConfirmSignUp',
          'cognito-idp:AdminAddUserToGroup',
          'cognito-idp:AdminGetUser',
          'cognito-idp:AdminUserGlobalSignOut',
          'cognito-idp:AdminDeleteUser',
        ],
        resources: [this.pool.userPoolArn],
      }),
    );
  }
}
