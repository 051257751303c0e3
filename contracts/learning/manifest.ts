import * as z from 'zod';
import { Kind, ModelVersion, Sha256, Timestamp } from '../entities/common.ts';

/**
 * The data of one training run: written once by the prepare step, read by `dukemm train` and `dukemm evaluate`.
 */
const Count = z.int().nonnegative();

/** A file of JSON lines of `TrainingExample`, by its path beside the manifest. */
export const ShardRef = z
  .strictObject({
    path: z.string().regex(/^(?!.*\.\.)[a-z0-9][a-z0-9/_.-]*\.jsonl$/),
    sha256: Sha256,
    count: z.int().positive(),
    size_bytes: z.int().positive(),
  })
  .meta({ id: 'ShardRef', description: 'A file of JSON lines, named by its path relative to the manifest.' });
export type ShardRef = z.infer<typeof ShardRef>;

export const DataManifest = z.strictObject({
  format: z.literal(1),
  /** Of the run that prepared it. */
  id: z.string().min(1).max(200),
  created_at: Timestamp,
  /** The version that serves when the data is prepared: what the candidate starts from and is compared with. */
  parent: ModelVersion.nullable(),
  /** Outcomes of this time are all in it; older ones as replay. */
  window: z.strictObject({ from: Timestamp, to: Timestamp }),
  seed: Count,
  splits: z.strictObject({
    train: z.array(ShardRef),
    /** Fresh outcomes, a fifth by hash of task and content: neither an example nor its duplicate changes sides. */
    validation: z.array(ShardRef),
    /** A tenth of each family, at most 1,000, chosen once: no version is ever trained on it. */
    reservoir: z.array(ShardRef),
  }),
  families: z.record(
    z.string(),
    z.strictObject({ kind: Kind, train: Count, validation: Count, reservoir: Count }),
  ),
  counts: z.strictObject({
    train: Count,
    validation: Count,
    reservoir: Count,
    /** Of those in train, older than the window. */
    replay: Count,
    /** Outcomes that are no labels (silence that met doubt), or duplicates. */
    left_out: Count,
  }),
  /** `sha256` is over the sorted hashes of the outcome files that went in. */
  lineage: z.strictObject({
    shards: Count,
    first: Timestamp.nullable(),
    last: Timestamp.nullable(),
    sha256: Sha256,
  }),
});
export type DataManifest = z.infer<typeof DataManifest>;
