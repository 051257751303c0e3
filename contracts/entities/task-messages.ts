import * as z from 'zod';
import { INDEX_SHARDS } from '../naming.ts';
import { Id } from './common.ts';

/** Message on the sweep queue: one shard of the due tasks. */
export const SweepMessage = z.strictObject({
  shard: z
    .int()
    .min(0)
    .max(INDEX_SHARDS - 1),
});
export type SweepMessage = z.infer<typeof SweepMessage>;

/** Message on the execution queue: one chunk of one task. */
export const ChunkMessage = z.strictObject({
  task_id: Id,
  chunk: z.int().positive(),
  /** Number of waits for capacity; a wait is not a failed attempt. */
  waits: z.int().nonnegative().default(0),
});
export type ChunkMessage = z.infer<typeof ChunkMessage>;
