import { walletOperations } from '../../contracts/api/wallet.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { createApi } from '../shared/http/api.ts';
import { apiDependencies } from '../shared/http/dependencies.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { userStore } from '../shared/stores/user-store.ts';
import { walletStore } from '../shared/stores/wallet-store.ts';
import { Env } from './api.env.ts';
import { paymentProvider } from './payment-provider.ts';
import { creditWallet, deposit, getWallet, listEntries, withdraw } from './wallet.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  wallets: walletStore(table),
  users: userStore(table),
  provider: paymentProvider(env.PAYMENT_PROVIDER),
  clock: systemClock,
};

export const handler = createApi(walletOperations, apiDependencies(env, table), {
  getWallet: (_input, { caller }) => getWallet(deps, caller.userId),
  listEntries: ({ query }, { caller }) => listEntries(deps, caller.userId, query),
  deposit: ({ body }, { caller, newId }) => deposit(deps, caller.userId, body.amount_satoshis, newId),
  withdraw: ({ body }, { caller, newId }) => withdraw(deps, caller.userId, body.amount_satoshis, newId),
  creditWallet: ({ body }, { caller, newId }) => creditWallet(deps, caller, body, newId),
});
