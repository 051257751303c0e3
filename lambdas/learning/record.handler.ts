import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { envelope } from '../../contracts/events/index.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { logger } from '../shared/logger.ts';
import { s3ObjectStore } from '../shared/objects.ts';
import { agentStore } from '../shared/stores/agent-store.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { recallStore } from '../shared/stores/recall-store.ts';
import { resultStore } from '../shared/stores/result-store.ts';
import { taskStore } from '../shared/stores/task-store.ts';
import { trainingLockStore } from '../shared/stores/training-lock-store.ts';
import { trainingStore } from '../shared/stores/training-store.ts';
import { countOutcomes } from './count-outcomes.ts';
import { recallConfirmed } from './recall-confirmed.ts';
import { Env } from './record.env.ts';
import { recordOutcomes } from './record-outcomes.ts';
import type { Recorded } from './record-outcomes.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  tasks: taskStore(table),
  results: resultStore(table),
  training: trainingStore(table),
  locks: trainingLockStore(table),
  recalls: recallStore(table),
  agents: agentStore(table),
  work: s3ObjectStore(env.WORK_BUCKET),
  clock: systemClock,
};
const Judged = envelope('result.judged');

/**
 * Outcomes are written task by task, one after another since a task may hold 150 MB; one that fails fails alone. Then the
 * whole batch is counted in one write, and what was confirmed is kept for the next tasks.
 */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  const done: Recorded[] = [];
  const failed: string[] = [];
  for (const { body, messageId } of event.Records) {
    try {
      const recorded = await recordOutcomes(deps, Judged.parse(JSON.parse(body)).detail);
      if (recorded) done.push(recorded);
    } catch (error) {
      logger.error('outcomes not recorded', { error: error as Error, message_id: messageId });
      failed.push(messageId);
    }
  }
  await countOutcomes(
    deps,
    done.map(({ shard }) => shard),
  );
  await recallConfirmed(
    deps,
    done.map(({ confirmed }) => confirmed),
  );
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
};
