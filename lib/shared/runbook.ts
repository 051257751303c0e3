/** Sections of docs/runbook.md that alarms refer to; test/infra/alarms.test.ts checks that each exists and is used. */
export const RUNBOOK_HEADINGS = [
  'A function fails',
  'A schedule does not run',
  'A training run failed',
  'A version was rolled back',
  'Changes that could not be published',
  'Due tasks cannot be ended',
  'Events are late',
  'Messages in a dead-letter queue',
  'The API answers with server errors',
  'The API is slow',
  'The model answers with errors',
  'The model is slow',
  'Training data could not be used',
  'Training triggers are stuck',
  'Work waits in a queue',
] as const;

export type RunbookHeading = (typeof RUNBOOK_HEADINGS)[number];
