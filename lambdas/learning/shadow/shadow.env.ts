import * as z from 'zod';
import { COMMON, ENDPOINT, RECEIVES, SHADOW_SHARE, STAGE, TABLE, WORK } from '../../shared/env-parts.ts';

export const Env = z.object({
  ...COMMON,
  ...TABLE,
  ...WORK,
  ...ENDPOINT,
  ...RECEIVES,
  ...STAGE,
  ...SHADOW_SHARE,
});
