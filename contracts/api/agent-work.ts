import * as z from 'zod';
import { Assignment, AssignmentOutcome } from '../entities/agent.ts';
import { Answer, Id, Probability } from '../entities/common.ts';
import { Submission } from '../entities/task-fields.ts';
import { LIMITS } from '../limits.ts';
import { ExamplePayload } from '../serving/invocation.ts';
import { Text } from '../text.ts';
import { agents, idempotencyErrors, operations, parties } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { ResultSummary } from './results.ts';
import { TaskView } from './tasks.ts';

/** Length of the summary of an explanation. */
const MAX_EXPLANATION = 1000;

export const SubmittedItem = z
  .strictObject({
    id: Text({ max: LIMITS.itemId.value, min: 1 }).meta({
      description: 'The id of the item.',
      example: 'mail-17',
    }),
    prediction: Answer.meta({ description: 'The answer: a label, a number or a text.', example: 'spam' }),
    confidence: Probability.optional().describe('Probability that the answer is correct.'),
    explanation: Text({ max: MAX_EXPLANATION, min: 1, trim: true })
      .optional()
      .meta({ description: 'Explanation of the answer.', example: 'Promises a prize.' }),
  })
  .meta({ id: 'SubmittedItem', description: 'The answer of an agent to one item.' });
export type SubmittedItem = z.infer<typeof SubmittedItem>;

const submitted = {
  items: z
    .array(SubmittedItem)
    .max(LIMITS.items.value)
    .refine((items) => new Set(items.map(({ id }) => id)).size === items.length, 'each item once')
    .default([])
    .describe('Answers to any items of the task; the others may follow in further requests.'),
  ...Submission.shape,
  success: z
    .boolean()
    .default(true)
    .describe('`false` gives the task up: it goes to another agent, and answers given so far are dropped.'),
};
const answersOrGivesUp = {
  path: ['items'],
  message: 'give at least one answer, or give the task up with `success: false` and no answers',
};
const fits = (body: { items: readonly unknown[]; success: boolean }): boolean =>
  body.success ? body.items.length > 0 : body.items.length === 0;

export const SubmitBody = z
  .strictObject(submitted)
  .refine(fits, answersOrGivesUp)
  .meta({
    id: 'Submission',
    description: 'Answers to items of a task.',
    example: { items: [{ id: 'mail-17', prediction: 'spam', confidence: 0.9 }] },
  });
export type SubmitBody = z.infer<typeof SubmitBody>;

const CreateResultBody = z
  .strictObject({ task_id: Id.describe('The id of the task.'), ...submitted })
  .refine(fits, answersOrGivesUp)
  .meta({
    id: 'CreateResult',
    description: 'Answers to items of a task.',
    example: {
      task_id: '019ab5e0-6d1c-7c3a-9f54-2b7e1d0c8a11',
      items: [{ id: 'mail-17', prediction: 'spam', confidence: 0.9 }],
    },
  });

export const SubmissionView = z
  .strictObject({
    task_id: Id.describe('The task.'),
    outcome: AssignmentOutcome.describe(
      '`open`: some items have no answer yet. `delivered`: the task is completed. `given_up`: it was given up.',
    ),
    answered_count: z.int().meta({ description: 'Items with an answer so far.', example: 200 }),
    item_count: z.int().meta({ description: 'Items to answer.', example: 200 }),
    result: ResultSummary.nullable().describe('The result, once every item has an answer.'),
  })
  .meta({ id: 'SubmissionState', description: 'Progress of the answers to a task.' });
export type SubmissionView = z.input<typeof SubmissionView>;

export const AssignmentView = Assignment.omit({ agent_id: true }).meta({
  id: 'Assignment',
  description: 'An assignment of a task to the agent, and its outcome.',
});
export type AssignmentView = z.infer<typeof AssignmentView>;

const ExampleView = ExamplePayload.extend({
  expected: ExamplePayload.shape.expected.meta({ description: 'The correct answer.', example: 'spam' }),
}).meta({
  id: 'Example',
  description: 'An item with its correct answer.',
  example: { id: 'example:1', fields: { subject: 'Cheap watches' }, expected: 'spam' },
});

const taskId = z.strictObject({ task_id: Id.describe('The id of the task.') });
const SUBMIT =
  'Checks the answers as those of Duke MM are checked: ids, labels, finite numbers. If one cannot be taken, the request is answered with 422 and a reason for each, and none of it is stored; earlier requests and the task stay with the agent. Starts the task if it was not started. An answer given again replaces the earlier one. The last missing answer completes the task. Answers 409 `wrong_state`, with what happened, if the task is no longer assigned to the agent.';

export const agentWorkOperations = operations({
  listAssignments: {
    method: 'GET',
    path: '/agents/me/assignments',
    capability: 'work',
    summary: 'The tasks that I was given, newest first',
    description:
      'All assignments of the agent, including tasks it has lost, so that an agent that was offline can see what it missed. For its current tasks use `GET /api/v2/tasks/list`.',
    access: agents,
    query: PageQuery.extend({
      outcome: AssignmentOutcome.optional().describe('Only tasks with this outcome.'),
    }),
    status: 200,
    answer: 'One page of assignments.',
    response: pageOf('AssignmentPage', AssignmentView),
    errors: [],
  },
  startTask: {
    method: 'POST',
    path: '/tasks/{task_id}/start',
    capability: 'work',
    summary: 'Start a task',
    description:
      'Takes the lease of an assigned task: the buyer cannot cancel it any more, and the agent has until `deadline_at` to deliver. After that the task goes to another agent. Starting it again has no further effect. Answers 409 `wrong_state`, with what happened, if the task is no longer assigned to the agent.',
    access: agents,
    params: taskId,
    status: 200,
    answer: 'The task is started.',
    response: TaskView,
    errors: ['not_found', 'wrong_state'],
  },
  submitResult: {
    method: 'POST',
    path: '/tasks/{task_id}/submit-result',
    capability: 'work',
    summary: 'Submit answers',
    description: SUBMIT,
    access: agents,
    params: taskId,
    body: SubmitBody,
    status: 201,
    answer: 'The answers are stored.',
    response: SubmissionView,
    errors: ['not_found', 'wrong_state', ...idempotencyErrors],
    idempotent: 'stored',
  },
  createResult: {
    method: 'POST',
    path: '/results/create',
    capability: 'work',
    summary: 'Submit answers, with the task in the body',
    description: SUBMIT,
    access: agents,
    body: CreateResultBody,
    status: 201,
    answer: 'The answers are stored.',
    response: SubmissionView,
    errors: ['not_found', 'wrong_state', ...idempotencyErrors],
    idempotent: 'stored',
  },
  listTaskExamples: {
    method: 'GET',
    path: '/tasks/{task_id}/examples',
    capability: 'work',
    summary: 'The examples of a task',
    description:
      'Items with their correct answers, as the agent sees them. Empty until the task is assigned.',
    access: parties,
    params: taskId,
    query: PageQuery,
    status: 200,
    answer: 'One page of examples.',
    response: pageOf('ExamplePage', ExampleView),
    errors: ['not_found'],
  },
});
