import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Conclusion } from '../../contracts/learning/steps.ts';
import { MAX_CANARY_LOOKS, MAX_WARMINGS, startMachine } from './machine.ts';
import type { Scenario, TestMachine } from './machine.ts';

let machine: TestMachine;
beforeAll(async () => {
  machine = await startMachine();
});
afterAll(() => machine.stop());

/** What each step answers in a run that ends well. */
const WELL: Scenario = {
  Prepare: [{ enough: true }],
  'Poll:training': [{ status: 'running' }, { status: 'running' }, { status: 'completed' }],
  'Poll:evaluation': [{ status: 'running' }, { status: 'completed' }],
  Gate: [{ passed: true, reasons: ['better'] }],
  Warm: [{ ready: false }, { ready: true }],
  Canary: [{ decision: 'wait' }, { decision: 'promote' }],
  Promote: [{ promoted: true }],
};
const but = (changes: Scenario): Scenario => ({ ...WELL, ...changes });
/** As the step that ends a run gets it; made whole here, since the scenario stands in the place of the run's id. */
const conclusion = (value: unknown): Conclusion =>
  Conclusion.parse({ run_id: '0190f3c2-7d1e-7b4a-9c55-0d6f1a2b3c4d', ...(value as object) });

const TO_PREPARE = ['Start', 'Begin', 'Prepare', 'Enough'];
const TO_EVALUATE = [...TO_PREPARE, 'Train', 'PollTraining', 'Trained', 'PollTraining', 'Trained', 'PollTraining', 'Trained', 'Evaluate']; // prettier-ignore
const TO_GATE = [...TO_EVALUATE, 'PollEvaluation', 'Evaluated', 'PollEvaluation', 'Evaluated', 'Register', 'Gate', 'Passed']; // prettier-ignore
const TO_CANARY = [...TO_GATE, 'Warm', 'Warmed', 'Warm', 'Warmed'];
const TO_PROMOTE = [...TO_CANARY, 'Canary', 'CanaryDecided', 'Canary', 'CanaryDecided', 'Promote', 'Routed'];

describe('the state machine in its file', () => {
  test('promotes a better candidate', async () => {
    const end = await machine.run(WELL);
    expect(end.path).toEqual([...TO_PROMOTE, 'RecordPromotion', 'Promoted']);
    expect(end.status).toBe('SUCCEEDED');
    expect(conclusion(end.conclusion)).toMatchObject({ outcome: 'promoted' });
  });

  test('ends before training if there is too little data', async () => {
    const reason = '3 new labels; a run needs 20.';
    const end = await machine.run(but({ Prepare: [{ enough: false, reason }] }));
    expect(end.path).toEqual([...TO_PREPARE, 'TooLittle', 'Archive', 'Archived']);
    expect(end.status).toBe('SUCCEEDED');
    expect(conclusion(end.conclusion)).toMatchObject({ code: 'not_enough_data', reasons: [reason] });
  });

  test('archives a candidate that is not better, with every reason', async () => {
    const reasons = ['p = 0.31', 'one class is worse'];
    const end = await machine.run(but({ Gate: [{ passed: false, reasons }] }));
    expect(end.path).toEqual([...TO_GATE, 'NotBetter', 'Archive', 'Archived']);
    expect(conclusion(end.conclusion)).toMatchObject({ code: 'gate_failed', reasons });
  });

  test('passes a single reason as a list', async () => {
    const end = await machine.run(but({ Gate: [{ passed: false, reasons: ['p = 0.31'] }] }));
    expect(conclusion(end.conclusion)).toMatchObject({ reasons: ['p = 0.31'] });
  });

  test('archives a candidate that is worse on live work, with the figures', async () => {
    const reasons = ['Of 200 items that people judged …'];
    const end = await machine.run(but({ Canary: [{ decision: 'wait' }, { decision: 'archive', reasons }] }));
    const path = ['Canary', 'CanaryDecided', 'Canary', 'CanaryDecided', 'WorseOnLiveWork'];
    expect(end.path).toEqual([...TO_CANARY, ...path, 'Archive', 'Archived']);
    expect(conclusion(end.conclusion)).toMatchObject({ code: 'canary_failed', reasons });
  });

  test('fails the run if the canary does not end within the maximum of polls', async () => {
    const end = await machine.run(but({ Canary: [{ decision: 'wait' }] }));
    expect(end.path.filter((state) => state === 'Canary')).toHaveLength(MAX_CANARY_LOOKS);
    expect(end.path.slice(-3)).toEqual(['CanaryNeverEnded', 'RecordFailure', 'Failed']);
    expect(conclusion(end.conclusion)).toMatchObject({ step: 'Canary', error: 'TimedOut' });
  });

  test('archives the candidate if another version was promoted meanwhile', async () => {
    const reason = 'Version 4 came into production while 5 was compared with 3.';
    const end = await machine.run(but({ Promote: [{ promoted: false, reason }] }));
    expect(end.path).toEqual([...TO_PROMOTE, 'Overtaken', 'Archive', 'Archived']);
    expect(conclusion(end.conclusion)).toMatchObject({ code: 'overtaken', reasons: [reason] });
  });

  test.each([
    ['training', 'Train', 'Poll:training', 'out of memory'],
    ['evaluation', 'Evaluate', 'Poll:evaluation', 'no such version'],
  ])('fails the run with the message of a failed job of %s', async (_, step, poll, cause) => {
    const end = await machine.run(but({ [poll]: [{ status: 'running' }, { status: 'failed', cause }] }));
    expect(end.path.slice(-3)).toEqual([`${step === 'Train' ? 'Training' : 'Evaluation'}Failed`, 'RecordFailure', 'Failed']); // prettier-ignore
    expect(end).toMatchObject({ status: 'FAILED', error: `${step}:JobFailed`, cause });
    expect(conclusion(end.conclusion)).toMatchObject({ outcome: 'failed', step, error: 'JobFailed', cause });
  });

  test('fails the run if a failed job has no message', async () => {
    const end = await machine.run(but({ 'Poll:training': [{ status: 'failed' }] }));
    expect(conclusion(end.conclusion)).toMatchObject({ step: 'Train', cause: 'no reason given' });
  });

  test('fails the run if the endpoint does not serve the candidate within the maximum of attempts', async () => {
    const end = await machine.run(but({ Warm: [{ ready: false }] }));
    expect(end.path.filter((state) => state === 'Warm')).toHaveLength(MAX_WARMINGS);
    expect(end.path.slice(-3)).toEqual(['NeverWarm', 'RecordFailure', 'Failed']);
    expect(conclusion(end.conclusion)).toMatchObject({
      step: 'Warm',
      error: 'NotReady',
      cause: `The endpoint did not answer as the candidate in ${MAX_WARMINGS} tries.`,
    });
  });

  const STEPS = ['Begin', 'Prepare', 'Train', 'Evaluate', 'Register', 'Gate', 'Warm', 'Canary', 'Promote'];

  test.each([...STEPS, 'Poll:training', 'Poll:evaluation'])(
    'retries transient errors of %s',
    async (step) => {
      const answers = WELL[step] ?? [null];
      const end = await machine.run(
        but({ [step]: [{ throw: 'throttled' }, { throw: 'throttled' }, ...answers] }),
      );
      expect(end.path).toEqual([...TO_PROMOTE, 'RecordPromotion', 'Promoted']);
    },
  );

  test.each([
    ...STEPS.map((step) => [step, step]),
    ['Poll:training', 'PollTraining'],
    ['Poll:evaluation', 'PollEvaluation'],
  ])(
    'fails the run for a permanent error of %s, and passes the cause to the last step',
    async (step, state) => {
      const end = await machine.run(but({ [step]: [{ throw: 'the table is on fire' }] }));
      expect(end.path.slice(-3)).toEqual([state, 'RecordFailure', 'Failed']);
      expect(end.status).toBe('FAILED');
      const told = conclusion(end.conclusion);
      expect(told).toMatchObject({ outcome: 'failed', step: state });
      expect(told.outcome === 'failed' && told.cause).toContain('the table is on fire');
    },
  );

  test('fails if the end of a run cannot be recorded, which the reconciler then does', async () => {
    const end = await machine.run(but({ Conclude: [{ throw: 'the table is gone' }] }));
    expect(end.path.slice(-3)).toEqual(['RecordPromotion', 'RecordFailure', 'Failed']);
    expect(end).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining('RecordPromotion') as string,
    });
  });

  test('does not run the last step of a stopped execution', async () => {
    const end = await machine.stopIn('WaitForTraining', but({ 'Poll:training': [{ status: 'running' }] }));
    expect(end).toMatchObject({ status: 'ABORTED', conclusion: {} });
    expect(end.path).not.toContain('RecordFailure');
  });
});
