import * as z from 'zod';
import { envelope } from '../../contracts/events/index.ts';
import { NoticeSweep } from '../../contracts/events/notice-sweep.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { sealedCursors } from '../shared/http/cursors.ts';
import { cursorKey } from '../shared/stores/cursor-key-store.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { taskStore } from '../shared/stores/task-store.ts';
import { userStore } from '../shared/stores/user-store.ts';
import { queueWorker } from '../shared/workers/queue-worker.ts';
import { sesMailer } from './mailer.ts';
import { noticeStore } from './notice-store.ts';
import { notifyOfAssignment, notifyOfDelivery } from './notify.ts';
import { Env } from './notify.env.ts';
import { sendAllDueNotices } from './send-notices.ts';
import { settingsStore } from './settings-store.ts';
import { unsubscribeTokens } from './unsubscribe.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  notices: noticeStore(table),
  settings: settingsStore(table),
  users: userStore(table),
  tasks: taskStore(table),
  tokens: unsubscribeTokens(sealedCursors(cursorKey(table))),
  mailer: sesMailer(env.MAIL_FROM),
  clock: systemClock,
  webUrl: env.WEB_URL,
};

const Message = z.discriminatedUnion('detail-type', [
  envelope('agent.assigned'),
  envelope('result.created'),
  NoticeSweep,
]);

export const handler = queueWorker(Message, async (message) => {
  switch (message['detail-type']) {
    case 'agent.assigned':
      return notifyOfAssignment(deps, message.detail);
    case 'result.created':
      return notifyOfDelivery(deps, message.detail);
    case 'notices.due':
      return sendAllDueNotices(deps);
  }
});
