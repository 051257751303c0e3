import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { User } from '../../contracts/entities/user.ts';
import type { UserStore } from '../../lambdas/shared/stores/user-store.ts';
import { ScriptError } from './command-line.ts';

export interface NewAccount {
  readonly email: string;
  readonly password: string;
  readonly user_type: User['user_type'];
  readonly full_name: string | null;
  readonly agent_name?: string;
}

const ACCOUNT_MADE_BY = 'script';

/**
 * Creates accounts without the API: administrators, which the API does not create, and those of a new local stage.
 */
export class AccountMaker {
  readonly #cognito = new CognitoIdentityProviderClient();
  readonly #poolId: string;
  readonly #users: UserStore;

  constructor(poolId: string, users: UserStore) {
    this.#poolId = poolId;
    this.#users = users;
  }

  /** The user with an address, if the account is complete. */
  async find(email: string): Promise<User | undefined> {
    const id = await this.#idOf(email);
    return id === undefined ? undefined : this.#users.get(id, { consistent: true });
  }

  /**
   * Creates an account with password, role and record. A complete account stays unchanged, including its password;
   * one that a crash left without a record is completed.
   * @throws ScriptError if the address belongs to a user of another role
   */
  async make(account: NewAccount): Promise<{ user: User; made: boolean }> {
    const existing = await this.find(account.email);
    if (existing && existing.user_type !== account.user_type) {
      throw new ScriptError(`${account.email} is registered as ${existing.user_type} already.`);
    }
    if (existing) return { user: existing, made: false };
    const id = (await this.#idOf(account.email)) ?? (await this.#create(account.email));
    await this.#equip(id, account);
    const { password: _, ...details } = account;
    const at = new Date().toISOString();
    const user: User = { id, ...details, created_at: at, updated_at: at, is_active: true };
    const outcome = await this.#users.create(user, { id: ACCOUNT_MADE_BY, fingerprint: '' });
    if (outcome === 'agent_name_taken')
      throw new ScriptError(`The agent name ${account.agent_name} is taken.`);
    return { user, made: outcome === 'created' };
  }

  async #idOf(email: string): Promise<string | undefined> {
    try {
      const command = new AdminGetUserCommand({ UserPoolId: this.#poolId, Username: email });
      return subOf((await this.#cognito.send(command)).UserAttributes);
    } catch (error) {
      if (error instanceof UserNotFoundException) return undefined;
      throw error;
    }
  }

  async #create(email: string): Promise<string> {
    const { User: created } = await this.#cognito.send(
      new AdminCreateUserCommand({
        UserPoolId: this.#poolId,
        Username: email,
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: 'true' },
        ],
      }),
    );
    return subOf(created?.Attributes);
  }

  async #equip(id: string, { password, user_type }: NewAccount): Promise<void> {
    const user = { UserPoolId: this.#poolId, Username: id };
    await this.#cognito.send(
      new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }),
    );
    await this.#cognito.send(new AdminAddUserToGroupCommand({ ...user, GroupName: user_type }));
  }
}

function subOf(attributes: { Name?: string | undefined; Value?: string | undefined }[] = []): string {
  const sub = attributes.find((attribute) => attribute.Name === 'sub')?.Value;
  if (sub === undefined) throw new Error('Cognito knows a user without an id');
  return sub;
}
