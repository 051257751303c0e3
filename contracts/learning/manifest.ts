import * as z from 'zod';
import { Kind, ModelVersion, Sha256, Timestamp } from '../entities/common.ts';

/**
 * The data of one training run: written once by the prepare step, read by `dukemm train` and `dukemm evaluate`.
 */
const Count = z.int().nonnegative();

/** A JSON Lines file of `TrainingExample`, by its path relative to the manifest. */
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
  /** Id of the run that prepared the data. */
  id: z.string().min(1).max(200),
  created_at: Timestamp,
  /** The version in production when the data is prepared: the candidate starts from it and is compared with it. */
  parent: ModelVersion.nullable(),
  /** Time window. All outcomes in it are included; older ones serve as replay. */
  window: z.strictObject({ from: Timestamp, to: Timestamp }),
  seed: Count,
  splits: z.strictObject({
    train: z.array(ShardRef),
    /**
     * A fifth of the fresh outcomes. The split hashes task and content, so that an example and its duplicates stay on
     * one side.
     */
    validation: z.array(ShardRef),
    /**
     * Held-out reservoir: a tenth of each family, at most 1,000 items, sampled once. No version is ever trained on
     * it.
     */
    reservoir: z.array(ShardRef),
  }),
  families: z.record(
    z.string(),
    z.strictObject({ kind: Kind, train: Count, validation: Count, reservoir: Count }),
  ),
  /**
   * Families with outcomes that their buyer withdrew after the data of `parent` was prepared, which may hold them: nothing of
   * such a family in `parent` goes into a later version.
   */
  withdrawn_families: z.array(z.string()).optional(),
  counts: z.strictObject({
    train: Count,
    validation: Count,
    reservoir: Count,
    /** Training examples older than the window. */
    replay: Count,
    /** Outcomes excluded because they are not labels (automatic acceptance at low confidence) or are duplicates. */
    left_out: Count,
  }),
  /** `sha256` is the hash of the sorted hashes of all outcome files used. */
  lineage: z.strictObject({
    shards: Count,
    first: Timestamp.nullable(),
    last: Timestamp.nullable(),
    sha256: Sha256,
  }),
});
export type DataManifest = z.infer<typeof DataManifest>;
