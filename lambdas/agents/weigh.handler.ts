import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { envelope } from '../../contracts/events/index.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { logger } from '../shared/logger.ts';
import { agentStore } from '../shared/stores/agent-store.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { resultStore } from '../shared/stores/result-store.ts';
import { taskStore } from '../shared/stores/task-store.ts';
import { Env } from './weigh.env.ts';
import { weighAgents } from './weigh-agents.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  agents: agentStore(table),
  tasks: taskStore(table),
  results: resultStore(table),
  clock: systemClock,
};
const Judged = envelope('result.judged');

/** The whole batch is one write, so it succeeds or fails as one; a message that does not parse fails alone. */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  const parsed = event.Records.map((record) => ({
    record,
    message: Judged.safeParse(JSON.parse(record.body)),
  }));
  const bad = parsed.filter(({ message }) => !message.success);
  for (const { record, message } of bad) {
    logger.error('message does not parse', { error: message.error as Error, message_id: record.messageId });
  }
  await weighAgents(
    deps,
    parsed.flatMap(({ message }) => (message.success ? [message.data.detail] : [])),
  );
  return { batchItemFailures: bad.map(({ record }) => ({ itemIdentifier: record.messageId })) };
};
