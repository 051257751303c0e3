import * as z from 'zod';
import { AUTH, COMMON, EDGE, MAIL, TABLE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...EDGE, ...TABLE, ...AUTH, MAIL_FROM: MAIL.MAIL_FROM.optional() });
export type Env = z.infer<typeof Env>;
