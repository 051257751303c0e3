import { identityOperations } from '../../contracts/api/identity.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { createApi } from '../shared/http/api.ts';
import { apiDependencies } from '../shared/http/dependencies.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { userStore } from '../shared/stores/user-store.ts';
import { Env } from './api.env.ts';
import { cognitoAccounts } from './cognito-accounts.ts';
import { identityHandlers } from './handlers.ts';
import { loginGuard } from './login-guard.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);

export const handler = createApi(
  identityOperations,
  apiDependencies(env, table),
  identityHandlers({
    accounts: cognitoAccounts({ poolId: env.USER_POOL_ID, clientId: env.USER_POOL_CLIENT_ID }),
    users: userStore(table),
    clock: systemClock,
    guard: loginGuard(table, systemClock),
    autoConfirm: env.AUTO_CONFIRM,
    cookieSecure: env.COOKIE_SECURE,
  }),
);
