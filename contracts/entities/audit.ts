import * as z from 'zod';
import { Id, Timestamp } from './common.ts';

export const AuditAction = z
  .enum(['user.updated', 'wallet.credited', 'model.promoted', 'training.requested'])
  .meta({
    id: 'AuditAction',
    description:
      'What an administrator did: changed an account, credited a wallet, put a version into production, or requested a training run.',
  });

/** One action of an administrator. Entries are only ever added. */
export const AuditEntry = z
  .strictObject({
    id: Id.describe('The id of the entry.'),
    at: Timestamp.describe('When it was done.'),
    actor_id: Id.describe('The administrator who did it.'),
    action: AuditAction,
    subject: z.string().max(200).meta({
      description: 'What it was done to: the id of the account, or the version.',
      example: '019ab5e0-6d1c-7c3a-9f54-2b7e1d0c8a11',
    }),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).meta({
      id: 'AuditDetails',
      description: 'What was changed or given, by name.',
      example: { amount_satoshis: 5_000_000, reason: 'Invoice 2026-117' },
    }),
  })
  .meta({ id: 'AuditEntry', description: 'Who did what to what, and when.' });
export type AuditEntry = z.infer<typeof AuditEntry>;
