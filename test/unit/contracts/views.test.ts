import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { FileView } from '../../../contracts/api/files.ts';
import { RunSummary, VersionView } from '../../../contracts/api/model-views.ts';
import { ResultView } from '../../../contracts/api/results.ts';
import { TaskView } from '../../../contracts/api/tasks.ts';
import { EntryView } from '../../../contracts/api/wallet.ts';
import { FileFields } from '../../../contracts/entities/file.ts';
import { ModelFields } from '../../../contracts/entities/model.ts';
import { ResultFields } from '../../../contracts/entities/result.ts';
import { RunFields } from '../../../contracts/entities/run.ts';
import { TaskFields } from '../../../contracts/entities/task-fields.ts';
import { LedgerEntry } from '../../../contracts/entities/wallet.ts';

/** Fields that a view words in its own way, and why. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  task: ['assigned_agent_id'], // records of before have a default
  result: ['agent_id', 'feedback'], // the same; feedback is a view itself
  file: ['status', 'metadata'], // one that is being deleted is still ready to its owner
  entry: ['account'], // one's own side of it
  version: ['kinds'], // a failed version has none
  run: ['trigger', 'reasons'], // without its key; none in runs that were not archived
};

describe('a view', () => {
  it.each([
    ['task', TaskView, TaskFields],
    ['result', ResultView, ResultFields],
    ['file', FileView, FileFields],
    ['entry', EntryView, LedgerEntry],
    ['version', VersionView, ModelFields],
    ['run', RunSummary, RunFields],
  ])('of a %s reuses the schemas of the stored fields', (name, view: z.ZodObject, fields: z.ZodObject) => {
    const shared = Object.keys(view.shape).filter((key) => key in fields.shape && !OWN[name]?.includes(key));
    expect(shared.length).toBeGreaterThan(5);
    for (const key of shared) {
      const seen: unknown = view.shape[key];
      const stored: unknown = fields.shape[key];
      expect([
        key,
        seen === stored ||
          ((seen instanceof z.ZodOptional || seen instanceof z.ZodNullable) && seen.unwrap() === stored),
      ]).toEqual([key, true]);
    }
  });

  it('does not compile with a field that is not stored', () => {
    // @ts-expect-error -- a task has no such field
    expect(() => TaskFields.pick({ prize_satoshis: true }).shape).toThrow();
    expectTypeOf<Exclude<keyof TaskView, 'progress' | 'recalled_count'>>().toExtend<
      keyof z.infer<typeof TaskFields>
    >();
  });
});
