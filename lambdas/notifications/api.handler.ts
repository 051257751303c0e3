import { notificationOperations } from '../../contracts/api/notifications.ts';
import { parseEnv } from '../shared/env.ts';
import { createApi } from '../shared/http/api.ts';
import { sealedCursors } from '../shared/http/cursors.ts';
import { apiDependencies } from '../shared/http/dependencies.ts';
import { cursorKey } from '../shared/stores/cursor-key-store.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { Env } from './api.env.ts';
import { getSettings, updateSettings } from './settings.ts';
import { settingsStore } from './settings-store.ts';
import { unsubscribe, unsubscribePage, unsubscribeTokens } from './unsubscribe.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  settings: settingsStore(table),
  tokens: unsubscribeTokens(sealedCursors(cursorKey(table))),
  sendsEmail: env.MAIL_FROM !== undefined,
};

export const handler = createApi(notificationOperations, apiDependencies(env, table), {
  getNotificationSettings: (_input, { caller }) => getSettings(deps, caller.userId),
  updateNotificationSettings: ({ body }, { caller }) => updateSettings(deps, caller.userId, body),
  unsubscribePage: ({ query }) => unsubscribePage(deps, query.token),
  unsubscribe: ({ query }) => unsubscribe(deps, query.token),
});
