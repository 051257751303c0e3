import * as z from 'zod';
import { COMMON, TABLE, WORK, STAGE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...WORK, ...STAGE });
export type Env = z.infer<typeof Env>;
