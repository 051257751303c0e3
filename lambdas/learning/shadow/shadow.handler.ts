import * as z from 'zod';
import { envelope } from '../../../contracts/events/index.ts';
import { ROLLBACKS } from '../../../contracts/events/metrics.ts';
import { systemClock } from '../../shared/clock.ts';
import { countMetric } from '../../shared/count-metric.ts';
import { sageMakerClient } from '../../shared/duke-mm-client.ts';
import { parseEnv } from '../../shared/env.ts';
import { s3ObjectStore } from '../../shared/objects.ts';
import { dynamoDbTable } from '../../shared/stores/dynamodb-table.ts';
import { modelStore } from '../../shared/stores/model-store.ts';
import { resultStore } from '../../shared/stores/result-store.ts';
import { taskStore } from '../../shared/stores/task-store.ts';
import { trialStore } from '../../shared/stores/trial-store.ts';
import { queueWorker } from '../../shared/workers/queue-worker.ts';
import { handleShadowEvent } from './handle-shadow-event.ts';
import { Env } from './shadow.env.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const reportRollbacks = countMetric(ROLLBACKS, env.STAGE);
const deps = {
  tasks: taskStore(table),
  results: resultStore(table),
  models: modelStore(table),
  trials: trialStore(table),
  work: s3ObjectStore(env.WORK_BUCKET),
  dukeMM: sageMakerClient(env.ENDPOINT_NAME),
  clock: systemClock,
  share: env.SHADOW_SHARE,
  reportRollback: () => reportRollbacks(1),
};

export const handler = queueWorker(
  z.discriminatedUnion('detail-type', [envelope('result.created'), envelope('result.judged')]),
  (event, { receiveCount }) => handleShadowEvent(deps, event, receiveCount >= env.MAX_RECEIVES),
);
