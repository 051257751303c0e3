import * as z from 'zod';
import { COMMON, MAIL, SES_ENDPOINT, TABLE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...SES_ENDPOINT, ...TABLE, ...MAIL });
export type Env = z.infer<typeof Env>;
