import * as z from 'zod';
import { COMMON, TABLE, FILES, ENDPOINT, RELEASE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...FILES, ...ENDPOINT, ...RELEASE });
export type Env = z.infer<typeof Env>;
