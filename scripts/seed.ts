/** Creates the three accounts of the local stage and the buyer's first satoshis. Existing ones stay unchanged. */
import * as z from 'zod';
import { accounts, movementIds } from '../contracts/naming.ts';
import { DukeError } from '../contracts/errors.ts';
import { agentProfileStore, settingsOf } from '../lambdas/shared/stores/agent-profile-store.ts';
import type { AgentProfileStore } from '../lambdas/shared/stores/agent-profile-store.ts';
import { dynamoDbTable } from '../lambdas/shared/stores/dynamodb-table.ts';
import { userStore } from '../lambdas/shared/stores/user-store.ts';
import { walletStore } from '../lambdas/shared/stores/wallet-store.ts';
import type { WalletStore } from '../lambdas/shared/stores/wallet-store.ts';
import { commandLine, run, say } from './shared/command-line.ts';
import { indexUsers } from './shared/index-users.ts';
import { AccountMaker } from './shared/make-account.ts';
import type { NewAccount } from './shared/make-account.ts';
import { moveReadyFiles } from './shared/move-ready-files.ts';
import { dataOutputs } from './shared/stack-outputs.ts';

/** Play money and known passwords: local stage only. */
const Arguments = z.strictObject({
  stage: z.literal('local', 'accounts are seeded on the stage "local" only'),
});

const PASSWORD = 'DukeNET-local-1';
const BUYER_SATOSHIS = 10_000_000;
const SEEDED: readonly (Omit<NewAccount, 'password'> & { readonly satoshis?: number })[] = [
  { email: 'buyer@dukenet.local', user_type: 'buyer', full_name: 'Local Buyer', satoshis: BUYER_SATOSHIS },
  { email: 'agent@dukenet.local', user_type: 'agent', full_name: 'Local Agent', agent_name: 'agent-1' },
  { email: 'admin@dukenet.local', user_type: 'admin', full_name: 'Local Admin' },
];

/** A deposit; @returns false if an earlier start, of any version, has made it */
async function deposit(wallets: WalletStore, userId: string, amount: number): Promise<boolean> {
  try {
    return await wallets.move({
      id: movementIds.deposit(userId, 'seed'),
      kind: 'deposit',
      at: new Date().toISOString(),
      reason: 'First satoshis of the local stage',
      legs: [
        { account: accounts.external('sandbox'), amount: -amount },
        { account: accounts.available(userId), amount },
      ],
    });
  } catch (error) {
    // An earlier version described the movement differently: it exists and is not repeated.
    if (error instanceof DukeError && error.code === 'idempotency_key_reused') return false;
    throw error;
  }
}

/** Paused, because nobody works as this agent until somebody signs in. */
async function pause(profiles: AgentProfileStore, agentId: string): Promise<void> {
  const profile = await profiles.get(agentId, { consistent: true });
  if (profile) await profiles.update(profile, { ...settingsOf(profile), paused: true }, profile.updated_at);
}

await run(async () => {
  const { stage } = commandLine('scripts/seed.ts --stage local', Arguments);
  const outputs = await dataOutputs(stage);
  const table = dynamoDbTable(outputs.TableName);
  const users = userStore(table);
  const maker = new AccountMaker(outputs.UserPoolId, users);
  const indexed = await indexUsers(outputs.TableName, users);
  if (indexed > 0) say(`${indexed} accounts of an earlier version are in the list of accounts now`);
  const moved = await moveReadyFiles(outputs.FilesBucket);
  if (moved > 0) say(`${moved} stored objects of an earlier version have keys without their owners now`);
  const wallets = walletStore(table);
  const profiles = agentProfileStore(table);
  for (const { satoshis, ...account } of SEEDED) {
    const { user, made } = await maker.make({ ...account, password: PASSWORD });
    say(`${account.email}: ${made ? 'made' : 'there already'}`);
    if (made && account.user_type === 'agent') await pause(profiles, user.id);
    if (satoshis !== undefined && (await deposit(wallets, user.id, satoshis))) {
      say(`${account.email}: deposited ${satoshis} satoshis`);
    }
  }
});
