import * as z from 'zod';
import { AUTH, COMMON, EDGE, FILES, TABLE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...EDGE, ...TABLE, ...AUTH, ...FILES });
export type Env = z.infer<typeof Env>;
