import type { ExamplePayload } from '../../../contracts/serving/invocation.ts';

/** Text and expected label of each recalled example. */
export const textsAndLabels = (rows: readonly ExamplePayload[]) =>
  rows.map(({ fields, expected }) => [fields['text'], expected] as const);
