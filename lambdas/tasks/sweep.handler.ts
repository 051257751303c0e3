import { SweepMessage } from '../../contracts/entities/task-messages.ts';
import { TASKS_ASIDE } from '../../contracts/events/metrics.ts';
import { systemClock } from '../shared/clock.ts';
import { countMetric } from '../shared/count-metric.ts';
import { parseEnv } from '../shared/env.ts';
import { logger } from '../shared/logger.ts';
import { agentProfileStore } from '../shared/stores/agent-profile-store.ts';
import { agentStore } from '../shared/stores/agent-store.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { modelStore } from '../shared/stores/model-store.ts';
import { resultStore } from '../shared/stores/result-store.ts';
import { reviewStore } from '../shared/stores/review-store.ts';
import { taskStore } from '../shared/stores/task-store.ts';
import { queueWorker } from '../shared/workers/queue-worker.ts';
import { sweepShard } from './sweep.ts';
import { Env } from './sweep.env.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  tasks: taskStore(table),
  reviews: reviewStore(table),
  results: resultStore(table),
  agents: agentStore(table),
  models: modelStore(table),
  profiles: agentProfileStore(table),
  clock: systemClock,
  basePriceSatoshis: env.BASE_PRICE_SATOSHIS,
  deadlineMinutes: env.DUKE_DEADLINE_MINUTES,
  agentDeadlineMinutes: env.AGENT_DEADLINE_MINUTES,
};
const countAside = countMetric(TASKS_ASIDE, env.STAGE);

export const handler = queueWorker(SweepMessage, async ({ shard }, { timeLeft }) => {
  const counts = await sweepShard(deps, shard, timeLeft);
  if (counts.failed + counts.accepted + counts.aside > 0) logger.info('swept', { shard, ...counts });
  if (counts.aside > 0) countAside(counts.aside);
});
