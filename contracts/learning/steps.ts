import * as z from 'zod';
import { Id } from '../entities/common.ts';
import { ArchiveCode } from '../entities/run.ts';

/**
 * Input and output of the steps of `stepfunctions/training.asl.json`. Everything else is in the record of the run: an
 * execution carries no content.
 */
export const StepInput = z.strictObject({ run_id: Id });
export type StepInput = z.infer<typeof StepInput>;

export const Prepared = z.strictObject({ enough: z.boolean(), reason: z.string().optional() });
export type Prepared = z.infer<typeof Prepared>;

export const PollInput = StepInput.extend({ job: z.enum(['training', 'evaluation']) });
export type PollInput = z.infer<typeof PollInput>;
export const JobState = z.strictObject({
  status: z.enum(['running', 'completed', 'failed']),
  /** Reason of the failure. */
  cause: z.string().optional(),
});
export type JobState = z.infer<typeof JobState>;

export const Gated = z.strictObject({ passed: z.boolean(), reasons: z.array(z.string()).min(1) });
export type Gated = z.infer<typeof Gated>;

export const Warmed = z.strictObject({ ready: z.boolean() });
export type Warmed = z.infer<typeof Warmed>;

/** Archive: with the reasons. */
export const CanaryState = z.strictObject({
  decision: z.enum(['wait', 'promote', 'archive']),
  reasons: z.array(z.string()).min(1).optional(),
});
export type CanaryState = z.infer<typeof CanaryState>;

export const Promoted = z.strictObject({ promoted: z.boolean(), reason: z.string().optional() });
export type Promoted = z.infer<typeof Promoted>;

/** Final states of a run. */
export const Conclusion = z.discriminatedUnion('outcome', [
  StepInput.extend({ outcome: z.literal('promoted') }),
  StepInput.extend({
    outcome: z.literal('archived'),
    code: ArchiveCode,
    reasons: z.array(z.string()).min(1),
  }),
  StepInput.extend({
    outcome: z.literal('failed'),
    step: z.string(),
    error: z.string(),
    cause: z.string(),
  }),
]);
export type Conclusion = z.infer<typeof Conclusion>;
