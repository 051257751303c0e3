import type { Request } from './policies.ts';

/** Permissions that are granted together: a function with one of them has them all. */
const GRANTED_TOGETHER: readonly { readonly request: RegExp; readonly why: string }[] = [
  {
    request: /^dynamodb:(Get|BatchGet|Put|Update|Delete|ConditionCheck|Query)\w* \S+table\/[^/]+$/,
    why: 'the table is granted for reading, or for reading and writing, its indexes one by one',
  },
  { request: /^s3:ListBucket /, why: 'whoever reads objects is told 404 of a missing one, not 403' },
];

const REJECTION = /^s3:DeleteObject \S+\/(quarantine|ready)\/|^s3:PutObject \S+\/quarantine\//;

/** Paths that no suite walks: failures, races and late deliveries. By function, as `<action> <kind of object>`. */
const UNSEEN: Readonly<Record<string, { readonly requests: RegExp; readonly why: string }>> = {
  'files/api': {
    requests: /^s3:DeleteObject \S+\/uploads\//,
    why: 'a file that is deleted during its upload',
  },
  'files/expire': {
    requests: /^s3:(Get|Delete)Object \S+\/uploads\/|^s3:PutObject \S+\/quarantine\/|\/index\/gsi4$/,
    why: 'an upload that was never inspected',
  },
  'files/inspect-archive': { requests: REJECTION, why: 'a file that is rejected, or deleted meanwhile' },
  'files/inspect-media': { requests: REJECTION, why: 'a file that is rejected, or deleted meanwhile' },
  'files/inspect-text': { requests: REJECTION, why: 'a file that is rejected, or deleted meanwhile' },
  'learning/api': { requests: /^sagemaker:InvokeEndpoint /, why: 'a rollback loads the version first' },
  'learning/conclude': { requests: /^states:StartExecution /, why: 'a cause that came during the run' },
  'learning/reconcile': { requests: /^states:StartExecution /, why: 'a cause that came during the run' },
  'learning/record': {
    requests: /^s3:GetObject \S+\/drafts\/|^s3:(Delete|Put)Object \S+\/(outcomes|withdrawn)\//,
    why: 'a result of an agent is judged; a task is withdrawn from training',
  },
  'learning/register': {
    requests: /^s3:GetObject \S+\/checkpoints\/metrics\.jsonl$|^sagemaker:DescribeTrainingJob /,
    why: 'a run with a training job',
  },
  'learning/shadow': {
    requests:
      /^s3:GetObject \S+\/(tasks\/\S+\/(items|results|drafts)\/|results\/\S+\/corrections-|recalled\/)|^sagemaker:InvokeEndpoint /,
    why: 'a version in shadow after a run that passes its gate',
  },
  'learning/warm': { requests: /^sagemaker:(Invoke|Describe)Endpoint /, why: 'a run that passes its gate' },
  'tasks/api': {
    requests: /^s3:GetObject \S+\/(results\/\S+\/corrections-|tasks\/\S+\/inputs\.json$)/,
    why: 'results with corrections; tasks with their inputs',
  },
  'tasks/complete': {
    requests: /^s3:PutObject \S+\/tasks\/\S+\/(drafts|items)\/|\/index\/gsi5$/,
    why: 'a review of answers that Duke MM is unsure of',
  },
  'tasks/execute': { requests: /^sqs:SendMessage /, why: 'no capacity: the chunk goes back to the queue' },
  'tasks/quote': { requests: /^s3:GetObject \S+\/ready\//, why: 'a quote of a table' },
  'tasks/sweep': { requests: /\/index\/gsi5$/, why: 'a task is given to the next agent' },
  'tasks/withdraw': { requests: /\/index\/gsi[25]$/, why: 'an agent is disabled' },
  'tasks/work': {
    requests: /^s3:GetObject \S+\/results\/|\/index\/gsi5$/,
    why: 'an agent reviews answers of Duke MM, or gives a task up',
  },
};

/** Functions that no suite of a platform calls. */
export const SILENT: readonly string[] = [
  // Every five minutes; once a night.
  'files/expire',
  'learning/nightly',
  'learning/reconcile',
  // A run that trains: test/full/loop.test.ts, `npm run calls:record` after it.
  'learning/register',
  'learning/evaluate',
  'learning/gate',
  'learning/warm',
  'learning/canary',
  'learning/promote',
  'learning/conclude',
  // Recorded by the next `npm run calls:record` after a suite on a platform.
  'learning/shadow',
  // test/full/live.test.ts.
  'live/connect',
  'live/disconnect',
  'tasks/withdraw',
];

/** Whether a function is granted a request that it was not seen to make. */
export function grantedUnseen(name: string, { action, resource }: Request): boolean {
  const request = `${action} ${resource}`;
  return (
    GRANTED_TOGETHER.some((granted) => granted.request.test(request)) ||
    UNSEEN[name]?.requests.test(request) === true
  );
}
