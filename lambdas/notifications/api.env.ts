import * as z from 'zod';
import { AUTH, COMMON, MAIL, TABLE } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...AUTH, MAIL_FROM: MAIL.MAIL_FROM.optional() });
export type Env = z.infer<typeof Env>;
