/** A training run, taken through the steps of its state machine by hand. */
import { vi } from 'vitest';
import { jobName, objects } from '../../../contracts/naming.ts';
import { begin } from '../../../lambdas/learning/pipeline/begin.ts';
import { gate } from '../../../lambdas/learning/pipeline/gate.ts';
import { poll } from '../../../lambdas/learning/pipeline/poll.ts';
import { prepare } from '../../../lambdas/learning/pipeline/prepare.ts';
import { register } from '../../../lambdas/learning/pipeline/register.ts';
import { activeRun } from '../../../lambdas/learning/pipeline/run-of.ts';
import { evaluate, train } from '../../../lambdas/learning/pipeline/train.ts';
import { requestRun } from '../../../lambdas/learning/triggers/request-run.ts';
import { sha256 } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { jsonLines } from '../../../lambdas/shared/objects.ts';
import { example, loop, stored, trigger } from './loop.ts';
import type { Loop } from './loop.ts';
import { epoch, heldBackReport, report, settings } from './run-steps.ts';

/** A loop with 100 labels and a requested run. */
export async function requestedRun(): Promise<{ readonly at: Loop; readonly run: string }> {
  const at = await loop();
  const examples = Array.from({ length: 100 }, (_, i) => example(`mail ${i}`));
  await stored(at, examples, '2026-03-01');
  return { at, run: (await requestRun(at, trigger())).runId };
}

/** The same, with a silent log. */
export function silentRun(): ReturnType<typeof requestedRun> {
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
  vi.spyOn(logger, 'error').mockImplementation(() => undefined);
  return requestedRun();
}

/** What `register` needs: copies an object of the bucket. */
export const withCopy = (at: Loop) => ({
  ...at,
  copy: async (from: string, to: string): Promise<void> => {
    at.work.objects.set(to, at.work.objects.get(from)!);
  },
});

/** What the evaluation reports. */
interface Evaluated {
  readonly decision?: 'promote' | 'archive';
  /** The artifact composed if families are held back, and its reported hash. */
  readonly recomposed?: { readonly content: string; readonly sha256?: string };
}

/** The last step to run, and what the evaluation reports. */
export type Until = readonly [last: 'trained' | 'evaluated' | 'registered' | 'gated', evaluated?: Evaluated];

/** Calls each step in the order of the state machine, twice, since a step may run again. */
export async function runUntil(at: Loop, run: string, ...[last, evaluated = {}]: Until) {
  const { decision = 'promote', recomposed } = evaluated;
  for (let i = 0; i < 2; i++) await begin(at, run);
  for (let i = 0; i < 2; i++) await prepare(at, await activeRun(at.runs, run));
  for (let i = 0; i < 2; i++)
    await train({ ...at, settings: { ...settings, preset: 'tiny', spot: true } }, run);
  if (last === 'trained') return;
  const made = objects.trained(run, jobName('dev', run));
  await at.work.put(made, 'the new model', 'application/gzip');
  await at.work.put(objects.trainingLog(run), jsonLines([epoch(1), epoch(2)]), 'application/jsonl');
  at.jobs.state = { status: 'completed', artifact: `s3://work/${made}` };
  await poll(at, { run_id: run, job: 'training' });
  for (let i = 0; i < 2; i++) await evaluate({ ...at, settings }, run);
  const said = {
    ...(recomposed ? heldBackReport : report),
    ...(recomposed && {
      recomposed: {
        sha256: recomposed.sha256 ?? sha256(recomposed.content),
        size_bytes: recomposed.content.length,
      },
    }),
    ...{ run, version: '2', compared_with: '1', gate: { ...report.gate, decision } },
  };
  await at.work.put(objects.report(run), JSON.stringify(said), 'application/json');
  await at.work.put(objects.modelCard(run), '# 2', 'text/markdown');
  if (recomposed) await at.work.put(objects.recomposed(run), recomposed.content, 'application/gzip');
  if (last === 'evaluated') return;
  for (let i = 0; i < 2; i++) await register(withCopy(at), run);
  if (last === 'registered') return;
  for (let i = 0; i < 2; i++) await gate(at, run);
}
