import * as z from 'zod';

/** Message of the schedule, once a minute: send the notices that are due. */
export const NoticeSweep = z.strictObject({ 'detail-type': z.literal('notices.due') });
export type NoticeSweep = z.infer<typeof NoticeSweep>;
