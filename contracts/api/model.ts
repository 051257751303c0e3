import * as z from 'zod';
import { Id, ModelVersion } from '../entities/common.ts';
import { MAX_REASON } from '../limits.ts';
import { Text } from '../text.ts';
import { ModelMetrics, ModelStatus, PromotionView, RunSummary, RunView, VersionView } from './model-views.ts';
import { admins, everyone, idempotencyErrors, operations } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';

const TrainBody = z
  .strictObject({
    reason: Text({ max: MAX_REASON, min: 1, trim: true })
      .optional()
      .meta({ description: 'The reason, stored with the run.', example: 'New labels since yesterday.' }),
  })
  .meta({ id: 'Train', description: 'A request for a training run.' });
export type TrainBody = z.infer<typeof TrainBody>;

/** Either a new run, or a place in the queue behind the current one. */
const TrainAnswer = z
  .strictObject({
    run: RunView.optional().describe('The run that was started.'),
    queued: z
      .boolean()
      .meta({ description: 'Whether the request waits for the current run.', example: false }),
  })
  .meta({
    id: 'TrainingRequested',
    description: 'Either a new run, or a place in the queue behind the current one.',
  });
export type TrainAnswer = z.infer<typeof TrainAnswer>;

const request = {
  method: 'POST',
  capability: 'learning',
  access: admins,
  description:
    'For administrators. Starts a run at once, or queues the request while another run is in progress (`queued` is true then). A run promotes or archives its version without further requests.',
  body: TrainBody,
  status: 202,
  answer: 'A run has started, or will follow the current one.',
  response: TrainAnswer,
  errors: idempotencyErrors,
  idempotent: 'stored',
} as const;

export const modelOperations = operations({
  train: { ...request, path: '/model/train', summary: 'Request a training run' },
  triggerRetraining: {
    ...request,
    path: '/admin/trigger-retraining',
    summary: 'Request a training run (the same as `/model/train`)',
  },
  getModelStatus: {
    method: 'GET',
    path: '/model/status',
    capability: 'learning',
    summary: 'The version in production and the current training run',
    description: 'For all signed-in users.',
    access: everyone,
    status: 200,
    answer: 'The state of Duke MM.',
    response: ModelStatus,
    errors: [],
  },
  getModelMetrics: {
    method: 'GET',
    path: '/model/metrics',
    capability: 'learning',
    summary: 'Metrics of a version',
    description:
      'The metrics of the evaluation that the gate decided by. Metrics of a family are visible only to its buyer and to administrators.',
    access: everyone,
    query: z.strictObject({
      version: ModelVersion.optional().describe('The version to show; by default the one in production.'),
    }),
    status: 200,
    answer: 'The metrics of the version.',
    response: ModelMetrics,
    errors: ['not_found'],
  },
  listVersions: {
    method: 'GET',
    path: '/model/versions',
    capability: 'learning',
    summary: 'Versions of Duke MM, newest first',
    description: 'All versions, with their origin and the decision of the gate.',
    access: everyone,
    query: PageQuery,
    status: 200,
    answer: 'One page of versions.',
    response: pageOf('ModelVersionPage', VersionView),
    errors: [],
  },
  listRuns: {
    method: 'GET',
    path: '/model/runs',
    capability: 'learning',
    summary: 'Training runs, newest first',
    description: 'For administrators.',
    access: admins,
    query: PageQuery,
    status: 200,
    answer: 'One page of training runs.',
    response: pageOf('TrainingRunPage', RunSummary),
    errors: [],
  },
  getRun: {
    method: 'GET',
    path: '/model/runs/{run_id}',
    capability: 'learning',
    summary: 'One training run with its curves',
    description: 'For administrators.',
    access: admins,
    params: z.strictObject({ run_id: Id.describe('The id of the run.') }),
    status: 200,
    answer: 'The training run.',
    response: RunView,
    errors: ['not_found'],
  },
  promoteVersion: {
    method: 'POST',
    path: '/model/promote/{version}',
    capability: 'learning',
    summary: 'Put a version in production',
    description:
      'For administrators. Also used to roll back to an earlier version. Answers 409 `not_deployable` if the version did not pass the gate and no `override_reason` is given, or if it has no artifact.',
    access: admins,
    params: z.strictObject({ version: ModelVersion.describe('The version to promote.') }),
    body: z
      .strictObject({
        override_reason: Text({ max: MAX_REASON, min: 3, trim: true }).optional().meta({
          description:
            'Why to override the gate. Required if the version did not pass the gate; stored with the promotion.',
          example: 'The old version does not know the new labels.',
        }),
      })
      .meta({ id: 'Promote', description: 'Options of a promotion.' }),
    status: 200,
    answer: 'The version is in production.',
    response: PromotionView,
    errors: ['not_found', 'not_deployable', 'conflict'],
  },
});
