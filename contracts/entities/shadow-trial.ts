import * as z from 'zod';
import { ModelVersion, Timestamp } from './common.ts';

/**
 * `canary`: the candidate answers in shadow, before it is promoted. `watch`: the version that it replaced answers in shadow,
 * after the promotion.
 */
export const TrialPurpose = z.enum(['canary', 'watch']).meta({
  id: 'TrialPurpose',
  description:
    '`canary`: the candidate answers unseen, before it is promoted. `watch`: the version that it replaced answers unseen, after the promotion.',
});
export type TrialPurpose = z.infer<typeof TrialPurpose>;

/** What people's verdicts say about the candidate. */
export const TrialComparison = z.enum(['better', 'worse', 'equivalent', 'undecided']).meta({
  id: 'TrialComparison',
  description: 'The candidate compared with the baseline.',
});

const Count = z.int().nonnegative();

/** Fields of trials; `ShadowTrial` says which a trial has in each status. */
export const TrialFields = z.strictObject({
  purpose: TrialPurpose.describe('Which of the two versions answers unseen.'),
  candidate: ModelVersion.describe('The newer version.'),
  baseline: ModelVersion.meta({ description: 'The version that it replaces.', example: '2' }),
  wins: Count.meta({ description: 'Judged items that only the candidate answered correctly.', example: 31 }),
  losses: Count.meta({ description: 'Judged items that only the baseline answered correctly.', example: 9 }),
  ties: Count.meta({ description: 'Judged items on which they do not differ.', example: 460 }),
  /** The most wins and the most losses that one buyer's verdicts have caused. */
  max_buyer_wins: Count,
  max_buyer_losses: Count,
  /** Whether the verdicts of one buyer may decide. */
  sole_buyer_decides: z.boolean(),
  tasks: Count.meta({ description: 'Number of judged tasks.', example: 40 }),
  max_items: z.int().positive().meta({
    description: 'Number of judged items after which it ends.',
    example: 2000,
  }),
  started_at: Timestamp.describe('When it started.'),
  ends_at: Timestamp.describe('When it ends at the latest.'),
  ended_at: Timestamp.describe('When it ended.'),
  /** Grows with each write; a writer that read an older one starts again. */
  revision: z.int().positive(),
});
const { ended_at, ...running } = TrialFields.shape;

/** A version that answers live items unseen by buyers, beside the version whose answers they get. */
export const ShadowTrial = z.discriminatedUnion('status', [
  z.strictObject({ ...running, status: z.literal('running') }),
  z.strictObject({ ...running, status: z.literal('ended'), ended_at }),
]);
export type ShadowTrial = z.infer<typeof ShadowTrial>;
export type RunningTrial = Extract<ShadowTrial, { status: 'running' }>;

/** Answers of the shadow version to a sample of a task's items. The answer is null if it gave none. */
export const ShadowAnswers = z.strictObject({
  version: ModelVersion,
  items: z.array(
    z.strictObject({ id: z.string(), prediction: z.union([z.string(), z.number()]).nullable() }),
  ),
});
export type ShadowAnswers = z.infer<typeof ShadowAnswers>;
