import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { FeedbackBody } from '../../../contracts/api/results.ts';
import { DataManifest } from '../../../contracts/learning/manifest.ts';
import { objects } from '../../../contracts/naming.ts';
import { forgetTask, recallConfirmed } from '../../../lambdas/learning/outcomes/recall-confirmed.ts';
import { recordOutcomes } from '../../../lambdas/learning/outcomes/record-outcomes.ts';
import { withdrawOutcomes } from '../../../lambdas/learning/outcomes/withdraw-outcomes.ts';
import { conclude } from '../../../lambdas/learning/pipeline/conclude.ts';
import { prepare } from '../../../lambdas/learning/pipeline/prepare.ts';
import { activeRun } from '../../../lambdas/learning/pipeline/run-of.ts';
import { requestRun } from '../../../lambdas/learning/triggers/request-run.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { parseJsonLines } from '../../../lambdas/shared/objects.ts';
import { questionOf } from '../../../lambdas/shared/question.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { withdrawTraining } from '../../../lambdas/tasks/withdraw-training.ts';
import { example, loop, stored, trigger } from '../support/loop.ts';
import type { Loop } from '../support/loop.ts';
import { buyer, fund, taskBody } from '../support/marketplace.ts';
import { code, delivered } from '../support/task-flow.ts';

const me = buyer();
const ACCEPT: FeedbackBody = { verdict: 'accept', corrections: [] };
const DAY = '2026-03-01';
let at: Loop;
/** The question of the recorded tasks. */
let question: string;
beforeEach(async () => {
  at = await loop();
  await fund(at, me, 10_000_000);
  vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
});

async function judged(body = taskBody()) {
  const { taskId, resultId } = await delivered(at, me, body);
  await giveFeedback(at, me.userId, resultId, ACCEPT);
  question = questionOf((await at.tasks.get(taskId))!);
  return { task_id: taskId, result_id: resultId };
}

async function recorded(body = taskBody()) {
  const judgement = await judged(body);
  const stored = await recordOutcomes(at, judgement);
  await recallConfirmed(at, stored ? [stored.confirmed] : []);
  return { ...judgement, key: stored!.confirmed.key };
}

const mail = (text: string) => taskBody({ items: [{ fields: { text } }] });

const recallOf = () => at.recalls.of(question);

async function recalledTexts(): Promise<unknown[]> {
  const { snapshot } = (await recallOf())!;
  if (!snapshot) return [];
  const rows = parseJsonLines(await at.work.text(snapshot.uri.replace('s3://work/', '')));
  expect(rows).toHaveLength(snapshot.count);
  return rows.map((row) => (row as { fields: { text: string } }).fields.text).sort();
}

/** Withdraws a task and forgets its outcomes, as the event does; twice, since it may come again. */
async function withdrawn(taskId: string): Promise<void> {
  await withdrawTraining(at, me.userId, taskId);
  for (let i = 0; i < 2; i++) await withdrawOutcomes(at, taskId);
}

describe('withdrawing a task from training', () => {
  it('is final, can be repeated, and is its buyer’s alone', async () => {
    const { taskId } = await delivered(at, me);
    for (let i = 0; i < 2; i++)
      expect(await withdrawTraining(at, me.userId, taskId)).toMatchObject({ allow_training: false });
    expect(await at.tasks.get(taskId)).toMatchObject({ allow_training: false, status: 'completed' });
    await expect(withdrawTraining(at, buyer().userId, taskId)).rejects.toEqual(code('not_found'));
    await expect(withdrawTraining(at, me.userId, newId())).rejects.toEqual(code('not_found'));
  });

  it('is refused before the task has ended', async () => {
    const { id } = await createTask(at, me, taskBody(), newId());
    await expect(withdrawTraining(at, me.userId, id)).rejects.toEqual(code('wrong_state'));
    expect(await at.tasks.get(id)).toMatchObject({ allow_training: true });
  });

  it('before its verdict keeps its outcomes from being stored', async () => {
    const { taskId, resultId } = await delivered(at, me);
    await withdrawn(taskId);
    await giveFeedback(at, me.userId, resultId, ACCEPT);
    expect(await recordOutcomes(at, { task_id: taskId, result_id: resultId })).toBeUndefined();
    expect([...at.work.objects.keys()].filter((key) => key.startsWith('outcomes/'))).toEqual([]);
  });

  it('deletes its outcomes and marks its family', async () => {
    const { task_id, key } = await recorded();
    const { family } = (await at.tasks.get(task_id))!;
    await withdrawn(task_id);
    expect(at.work.objects.has(key)).toBe(false);
    expect(at.work.objects.has(objects.withdrawal(family, at.clock().toISOString()))).toBe(true);
  });

  it('while its outcomes are being stored leaves none behind', async () => {
    const judgement = await judged();
    const slow: typeof at.work = {
      ...at.work,
      put: async (...args) => {
        await withdrawn(judgement.task_id);
        await at.work.put(...args);
      },
    };
    expect(await recordOutcomes({ ...at, work: slow }, judgement)).toBeUndefined();
    expect([...at.work.objects.keys()].filter((key) => key.startsWith('outcomes/'))).toEqual([]);
  });
});

describe('what later tasks recall', () => {
  it('lacks the items of a withdrawn task, of whatever age, and keeps the others', async () => {
    const first = await recorded(mail('one'));
    const second = await recorded(mail('two'));
    await recorded(mail('three'));
    expect(await recalledTexts()).toEqual(['one', 'three', 'two']);
    const before = [...at.work.objects.keys()].filter((key) => key.startsWith('recalled/'));
    await withdrawn(second.task_id);
    expect(await recalledTexts()).toEqual(['one', 'three']);
    // No snapshot that holds the item is left.
    for (const key of before) expect(at.work.objects.has(key)).toBe(false);
    await recorded(mail('four'));
    expect(await recalledTexts()).toEqual(['four', 'one', 'three']);
    await withdrawn(first.task_id);
    expect(await recalledTexts()).toEqual(['four', 'three']);
  });

  it('is empty once all of its tasks are withdrawn', async () => {
    const { task_id } = await recorded();
    await withdrawn(task_id);
    expect(await recallOf()).toMatchObject({ waiting: [] });
    expect((await recallOf())?.snapshot).toBeUndefined();
  });

  it('has nothing of a file that was read before its deletion and is written after it', async () => {
    const judgement = await judged();
    const { confirmed } = (await recordOutcomes(at, judgement))!;
    let pending = true;
    const recalls: typeof at.recalls = {
      ...at.recalls,
      write: async (recall) => {
        // The writer has read the file; now it is withdrawn, before anything of it was written.
        if (pending) {
          pending = false;
          await withdrawn(judgement.task_id);
        }
        return at.recalls.write(recall);
      },
    };
    await recallConfirmed({ ...at, recalls }, [confirmed]);
    expect(await recalledTexts()).toEqual([]);
  });

  it('lacks rows whose task is unknown, which earlier releases named by a hash', async () => {
    const { result_id, key } = await recorded();
    const recall = (await recallOf())!;
    const lines = await at.work.text(recall.snapshot!.uri.replace('s3://work/', ''));
    const hashed = lines.replaceAll(/"id":"[^"]+"/g, `"id":"${'a'.repeat(64)}"`);
    await at.work.put(recall.snapshot!.uri.replace('s3://work/', ''), hashed, 'application/jsonl');
    await forgetTask(at, { question: recall.question, resultId: newId(), key });
    expect(result_id).toBeDefined();
    expect(await recalledTexts()).toEqual([]);
  });
});

/** A run as far as the gate, which says no: its manifest and its run. */
async function dataOf(market: Loop) {
  const { runId } = await requestRun(market, trigger({ created_at: market.clock().toISOString() }));
  const { enough } = await prepare(market, await activeRun(market.runs, runId));
  const manifest = DataManifest.parse(JSON.parse(await market.work.text(objects.manifest(runId))));
  await conclude(market, { run_id: runId, outcome: 'archived', code: 'gate_failed', reasons: ['no better'] });
  return { ...manifest, enough };
}

describe('the data of a run after a withdrawal', () => {
  const rows = (n: number, prefix: string) =>
    Array.from({ length: n }, (_, i) =>
      example(`${prefix} ${i}`, { id: `${prefix}#${i}`, buyer_id: me.userId }),
    );
  /** What a manifest says of its data, without ids and times of the run. */
  const facts = ({ splits, families, counts, lineage }: DataManifest) => ({
    splits,
    families,
    counts,
    lineage,
  });

  it('equals that of a run that never had the outcomes, also in the reservoir', async () => {
    const never = await loop();
    const ids = { keep: newId(), late: newId() };
    const withoutIds = (rowsOf: ReturnType<typeof rows>) =>
      rowsOf.map((row) => ({ ...row, result_id: me.userId }));
    const store = (market: Loop, name: 'keep' | 'late', day: string) =>
      stored(market, withoutIds(rows(300, name)), day, ids[name]);
    await store(at, 'keep', DAY);
    await store(never, 'keep', DAY);
    const gone = await stored(at, rows(300, 'gone'), DAY);
    const before = await dataOf(at);
    await dataOf(never);
    expect(before.counts.reservoir).toBeGreaterThan(40);
    await at.work.remove(objects.outcomes(gone, DAY));
    await store(at, 'late', '2026-03-02');
    await store(never, 'late', '2026-03-02');
    expect(facts(await dataOf(at))).toEqual(facts(await dataOf(never)));
  });

  it('names the families whose state in the parent may hold withdrawn outcomes', async () => {
    await stored(at, rows(100, 'keep'), DAY);
    const marked = (family: string, day: string) =>
      at.work.put(objects.withdrawal(family, day), '', 'text/plain');
    expect((await dataOf(at)).withdrawn_families).toBeUndefined();
    expect(await dataOf(at)).toMatchObject({ enough: false });
    await marked('fam_b', '2026-02-01');
    await marked('fam_a', '2026-03-01');
    // There is no new label since the run before, and the run does not end for that.
    expect(await dataOf(at)).toMatchObject({ withdrawn_families: ['fam_a', 'fam_b'], enough: true });
    // The data of the parent was prepared after one of the withdrawals.
    const key = objects.manifest(newId());
    const { enough: _enough, ...manifest } = await dataOf(at);
    const made = { ...manifest, created_at: '2026-02-20T00:00:00.000Z' };
    await at.work.put(key, JSON.stringify(made), 'application/json');
    const parent = (await at.models.version('1'))!;
    if (parent.state === 'failed') throw new Error('version 1 failed');
    const lineage = { run_id: newId(), manifest_key: key, data_sha256: 'a'.repeat(64), examples: 1 };
    const models = { ...at.models, version: async () => ({ ...parent, lineage }) };
    expect((await dataOf({ ...at, models })).withdrawn_families).toEqual(['fam_a']);
  });
});
