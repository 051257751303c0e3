import * as z from 'zod';
import { Kind, ModelVersion, Sha256, Timestamp } from './common.ts';

/** One version in the registry; its artifact lies under the registry prefix and never changes. */
export const ModelRecord = z.strictObject({
  version: ModelVersion,
  artifact_uri: z.string(),
  sha256: Sha256,
  size_bytes: z.int().positive(),
  kinds: z.array(Kind).min(1),
  parent: ModelVersion.nullable(),
  created_at: Timestamp,
});
export type ModelRecord = z.infer<typeof ModelRecord>;

/** Which version serves. Promotion and rollback are one conditional write to it. */
export const RoutingRecord = z.strictObject({
  production: ModelVersion,
  kinds: z.array(Kind).min(1),
  revision: z.int().positive(),
  updated_at: Timestamp,
});
export type RoutingRecord = z.infer<typeof RoutingRecord>;
