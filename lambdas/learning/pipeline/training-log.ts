import * as z from 'zod';
import { Kind } from '../../../contracts/entities/common.ts';
import type { EpochMetrics } from '../../../contracts/entities/run.ts';
import { MAX_EPOCHS } from '../../../contracts/entities/run.ts';
import { UnusableData } from '../../../contracts/learning/unusable.ts';

const finite = z
  .number()
  .nullish()
  .transform((value) => value ?? null);
/** The lines of `metrics.jsonl` that are read; others are ignored. */
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
  /** Kinds of task that the trained version supports, if the log has them. */
  readonly kinds: readonly Kind[] | undefined;
  /** Outcomes and families that training could not use; undefined before its end. */
  readonly unusable: UnusableData | undefined;
}

/** The last 500 epochs so far, each once: a job that resumed from a checkpoint may repeat some. */
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
    curves: [...epochs.values()].sort((a, b) => a.epoch - b.epoch).slice(-MAX_EPOCHS),
    kinds,
    unusable,
  };
}

/** Undefined for an incomplete line, which the trainer is still writing. */
function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
