import * as z from 'zod';
import { Kind } from '../../../contracts/entities/common.ts';
import type { EpochMetrics } from '../../../contracts/entities/run.ts';
import { MOST_EPOCHS } from '../../../contracts/entities/run.ts';
import { UnusableData } from '../../../contracts/learning/unusable.ts';

const finite = z
  .number()
  .nullish()
  .transform((value) => value ?? null);
/** Lines of `metrics.jsonl` that we read; the trainer may write others. */
const Epoch = z.object({
  event: z.literal('epoch'),
  epoch: z.int().nonnegative(),
  train_loss: finite,
  val_loss: finite,
  accuracy: finite,
  f1: finite,
});
const Unusable = z.object({ event: z.literal('unusable'), report: UnusableData });
const End = z.object({ event: z.literal('end'), kinds: z.array(Kind).min(1).optional() });

export interface TrainingLog {
  readonly curves: EpochMetrics[];
  /** What the trained version can do, where its trainer said so. */
  readonly kinds: readonly Kind[] | undefined;
  /** Outcomes and families that it could not use, where the training came to its end. */
  readonly unusable: UnusableData | undefined;
}

/** The epochs so far, each once (a job that went on from a checkpoint may repeat some), at most the last 500. */
export function parseTrainingLog(text: string): TrainingLog {
  const epochs = new Map<number, EpochMetrics>();
  let kinds: readonly Kind[] | undefined;
  let unusable: UnusableData | undefined;
  for (const line of text.split('\n')) {
    const value = jsonOf(line);
    const epoch = Epoch.safeParse(value);
    if (epoch.success) {
      const { event: _, ...metrics } = epoch.data;
      epochs.set(metrics.epoch, metrics);
    }
    kinds = End.safeParse(value).data?.kinds ?? kinds;
    unusable = Unusable.safeParse(value).data?.report ?? unusable;
  }
  return {
    curves: [...epochs.values()].sort((a, b) => a.epoch - b.epoch).slice(-MOST_EPOCHS),
    kinds,
    unusable,
  };
}

/** Undefined for half a line: the trainer may be writing it. */
function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
