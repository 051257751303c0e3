import { agentWorkOperations } from '../../contracts/api/agent-work.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { createApi } from '../shared/http/api.ts';
import { apiDependencies } from '../shared/http/dependencies.ts';
import { s3ObjectStore } from '../shared/objects.ts';
import { agentProfileStore } from '../shared/stores/agent-profile-store.ts';
import { agentStore } from '../shared/stores/agent-store.ts';
import { assignmentStore } from '../shared/stores/assignment-store.ts';
import { draftStore } from '../shared/stores/draft-store.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { fileStore } from '../shared/stores/file-store.ts';
import { modelStore } from '../shared/stores/model-store.ts';
import { resultStore } from '../shared/stores/result-store.ts';
import { reviewStore } from '../shared/stores/review-store.ts';
import { taskStore } from '../shared/stores/task-store.ts';
import { listAssignments } from './assignments.ts';
import { listTaskExamples } from './read-tasks.ts';
import { startTask, submitResult } from './submit-result.ts';
import { Env } from './work.env.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  tasks: taskStore(table),
  reviews: reviewStore(table),
  files: fileStore(table),
  results: resultStore(table),
  agents: agentStore(table),
  profiles: agentProfileStore(table),
  assignments: assignmentStore(table),
  drafts: draftStore(table),
  models: modelStore(table),
  uploads: s3ObjectStore(env.FILES_BUCKET),
  work: s3ObjectStore(env.WORK_BUCKET),
  clock: systemClock,
  basePriceSatoshis: env.BASE_PRICE_SATOSHIS,
  deadlineMinutes: env.DUKE_DEADLINE_MINUTES,
  agentDeadlineMinutes: env.AGENT_DEADLINE_MINUTES,
};

export const handler = createApi(agentWorkOperations, apiDependencies(env, table), {
  listAssignments: ({ query }, { caller }) => listAssignments(deps, caller.userId, query),
  startTask: ({ params }, { caller }) => startTask(deps, caller.userId, params.task_id),
  submitResult: ({ params, body }, { caller }) => submitResult(deps, caller.userId, params.task_id, body),
  createResult: ({ body: { task_id, ...body } }, { caller }) =>
    submitResult(deps, caller.userId, task_id, body),
  listTaskExamples: ({ params, query }, { caller }) => listTaskExamples(deps, caller, params.task_id, query),
});
