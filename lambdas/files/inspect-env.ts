import * as z from 'zod';
import { COMMON, FILES, RECEIVES, TABLE, UPLOADS_QUEUE } from '../shared/env-parts.ts';

/** The variables of every function that inspects files. */
export const InspectEnv = z.object({ ...COMMON, ...TABLE, ...FILES, ...RECEIVES, ...UPLOADS_QUEUE });
