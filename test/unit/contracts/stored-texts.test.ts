import { expect, it } from 'vitest';
import type * as z from 'zod';
import { fileOperations } from '../../../contracts/api/files.ts';
import { RegisterBody } from '../../../contracts/api/accounts.ts';
import { modelOperations } from '../../../contracts/api/model.ts';
import { FeedbackBody } from '../../../contracts/api/results.ts';
import { CreateTaskBody } from '../../../contracts/api/task-bodies.ts';
import { walletOperations } from '../../../contracts/api/wallet.ts';
import { FileFields } from '../../../contracts/entities/file.ts';
import { Feedback } from '../../../contracts/entities/result.ts';
import { TrainingTrigger } from '../../../contracts/entities/run.ts';
import { TaskFields } from '../../../contracts/entities/task-fields.ts';
import { User } from '../../../contracts/entities/user.ts';
import { LedgerEntry } from '../../../contracts/entities/wallet.ts';
import { LIMITS, MAX_REASON } from '../../../contracts/limits.ts';

/** Two UTF-16 units, one character. */
const FACE = '\u{1f600}';

it.each<[string, z.ZodType, z.ZodType, unknown]>([
  [
    'a file name',
    fileOperations.uploadFile.body.shape.filename,
    FileFields.shape.filename,
    FACE.repeat(LIMITS.filename.value),
  ],
  ['a comment', FeedbackBody.shape.comment, Feedback.shape.comment, FACE.repeat(LIMITS.comment.value)],
  ['a missing text', CreateTaskBody.shape.missing, TaskFields.shape.missing, [FACE.repeat(80)]],
  [
    'the reason of a credit',
    walletOperations.creditWallet.body.shape.reason,
    LedgerEntry.shape.reason,
    FACE.repeat(MAX_REASON),
  ],
  [
    'the reason of a run',
    modelOperations.train.body.shape.reason,
    TrainingTrigger.shape.detail,
    FACE.repeat(MAX_REASON),
  ],
  ['a full name', RegisterBody.shape.full_name, User.shape.full_name, FACE.repeat(255)],
])('reads %s of maximum length back from the table', (_what, taken, stored, text) => {
  expect(taken.safeParse(text).success).toBe(true);
  expect(stored.safeParse(text).success).toBe(true);
});
