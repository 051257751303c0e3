import * as z from 'zod';
import { COMMON, FILES, TABLE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...FILES });
export type Env = z.infer<typeof Env>;
