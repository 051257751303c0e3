import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_RECALLED } from '../../../contracts/entities/training.ts';
import type { Recall, TrainingExample } from '../../../contracts/entities/training.ts';
import { ExamplePayload } from '../../../contracts/serving/invocation.ts';
import { recallConfirmed } from '../../../lambdas/learning/outcomes/recall-confirmed.ts';
import type { Confirmed } from '../../../lambdas/learning/outcomes/recall-confirmed.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { jsonLines, parseJsonLines } from '../../../lambdas/shared/objects.ts';
import { marketplace } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { textsAndLabels } from '../support/recalled.ts';

const me = newId();
let market: Marketplace;
beforeEach(async () => {
  market = await marketplace();
});

const QUESTION = 'c'.repeat(24);

/** Outcomes of one task as the recorder writes them: texts with their answers. */
async function outcomes(
  answers: Readonly<Record<string, string>>,
  judged_at = market.clock().toISOString(),
): Promise<Confirmed> {
  const task_id = newId();
  const lines = jsonLines(
    Object.entries(answers).map(([text, expected], i): TrainingExample => ({
      id: `${task_id}#${i}`,
      task_id,
      result_id: newId(),
      buyer_id: me,
      family: 'fam',
      kind: 'classification',
      description: 'Is this mail spam?',
      item: { id: `${i}`, fields: { text } },
      expected,
      prediction: expected,
      confidence: 0.9,
      success: true,
      label_source: 'accepted',
      weight: 1,
      agent_name: 'duke-mm',
      created_at: judged_at,
    })),
  );
  const key = `outcomes/${task_id}.jsonl`;
  await market.work.put(key, lines, 'application/jsonl');
  return {
    question: QUESTION,
    key,
    size_bytes: Buffer.byteLength(lines),
    confirmed: Object.keys(answers).length,
    judged_at,
  };
}
const numbered = (from: number, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`mail ${from + i}`, 'ham']));

const state = async (): Promise<Recall> => (await market.recalls.of(QUESTION))!;
const keyOf = (recall: Recall): string => recall.snapshot!.uri.replace('s3://work/', '');
async function remembered(): Promise<ExamplePayload[]> {
  return parseJsonLines(await market.work.text(keyOf(await state()))).map((row) => ExamplePayload.parse(row));
}

describe('the snapshot of a question', () => {
  it('contains the newest confirmed items, the newest tasks first', async () => {
    for (let from = 0; from < 600; from += 50)
      await recallConfirmed(market, [await outcomes(numbered(from, 50))]);
    const texts = (await remembered()).map((row) => row.fields['text']);
    expect(texts).toHaveLength(MAX_RECALLED);
    expect(new Set(texts.slice(0, 50))).toEqual(new Set(Object.keys(numbered(550, 50))));
    expect(new Set(texts)).toEqual(
      new Set(Array.from({ length: MAX_RECALLED }, (_, i) => `mail ${300 + i}`)),
    );
  });

  it('contains a random sample of a task with too many items, which may be sorted by answer', async () => {
    const sorted = Object.entries(numbered(0, 1000)).map(([text], i) => [text, i < 500 ? 'ham' : 'spam']);
    await recallConfirmed(market, [await outcomes(Object.fromEntries(sorted) as Record<string, string>)]);
    const rows = await remembered();
    expect(rows).toHaveLength(MAX_RECALLED);
    const spam = rows.filter(({ expected }) => expected === 'spam').length;
    expect(Math.abs(spam - MAX_RECALLED / 2)).toBeLessThan(4 * Math.sqrt(MAX_RECALLED / 4));
  });

  it('is rebuilt after 15 % growth; files that arrive in between wait', async () => {
    await recallConfirmed(market, [await outcomes(numbered(0, 100))]);
    const first = keyOf(await state());
    for (let i = 0; i < 15; i++) await recallConfirmed(market, [await outcomes(numbered(100 + i, 1))]);
    expect(keyOf(await state())).toBe(first);
    expect((await state()).waiting).toHaveLength(15);
    await recallConfirmed(market, [await outcomes(numbered(115, 1))]);
    expect(await state()).toMatchObject({ waiting: [], snapshot: { count: 116 } });
  });

  it('contains each content once, with its last answer', async () => {
    await recallConfirmed(market, [await outcomes({ 'Win a prize': 'ham', Minutes: 'ham' })]);
    await recallConfirmed(market, [await outcomes({ ' win a  PRIZE': 'spam' })]);
    expect(textsAndLabels(await remembered())).toEqual([
      [' win a  PRIZE', 'spam'],
      ['Minutes', 'ham'],
    ]);
  });

  it('does not change if outcomes are delivered twice', async () => {
    const twice = await outcomes(numbered(0, 3));
    await recallConfirmed(market, [twice, twice]);
    const once = await remembered();
    await recallConfirmed(market, [twice]);
    expect(await remembered()).toEqual(once);
    expect(once).toHaveLength(3);
  });

  it('keeps the newer label if an older event is delivered again, or late', async () => {
    const older = await outcomes({ 'Win a prize': 'ham' }, '2026-03-01T09:00:00.000Z');
    const newer = await outcomes({ 'Win a prize': 'spam' }, '2026-03-01T10:00:00.000Z');
    const oldest = await outcomes({ 'Win a prize': 'list' }, '2026-03-01T08:00:00.000Z');
    await recallConfirmed(market, [older]);
    await recallConfirmed(market, [newer]);
    expect(textsAndLabels(await remembered())).toEqual([['Win a prize', 'spam']]);
    await recallConfirmed(market, [older]);
    expect(textsAndLabels(await remembered())).toEqual([['Win a prize', 'spam']]);
    await recallConfirmed(market, [oldest, await outcomes(numbered(0, 5), '2026-03-01T11:00:00.000Z')]);
    expect(new Map(textsAndLabels(await remembered())).get('Win a prize')).toBe('spam');
  });

  it('leaves out unreadable and untrainable lines', async () => {
    const whole = await outcomes({ good: 'ham' });
    const text = await market.work.text(whole.key);
    const wrong = (change: object) => `${JSON.stringify({ ...JSON.parse(text), ...change })}\n`;
    const lines = [
      '{"half": ',
      '\n',
      wrong({ kind: 'regression', expected: 1e150 }),
      wrong({ labels: ['ham', 'spam'], expected: 'eggs' }),
      text,
      wrong({ surprise: 1 }),
    ];
    await market.work.put(whole.key, lines.join(''), 'application/jsonl');
    await recallConfirmed(market, [{ ...whole, size_bytes: 2 << 20 }, await outcomes({ other: 'ham' })]);
    expect(new Set(textsAndLabels(await remembered()).map(([text]) => text))).toEqual(
      new Set(['good', 'other']),
    );
  });

  it('continues if outcomes or a snapshot were deleted', async () => {
    const gone = await outcomes(numbered(0, 3));
    await market.work.remove(gone.key);
    await recallConfirmed(market, [gone, await outcomes(numbered(10, 2))]);
    expect(await remembered()).toHaveLength(2);
    await market.work.remove(keyOf(await state()));
    await recallConfirmed(market, [await outcomes(numbered(20, 4))]);
    expect(await remembered()).toHaveLength(4);
  });

  it('is kept for running tasks until the next but one', async () => {
    const keys: string[] = [];
    for (let i = 0; i < 4; i++) {
      await recallConfirmed(market, [await outcomes(numbered(10 * i, 10))]);
      keys.push(keyOf(await state()));
    }
    expect(keys.map((key) => market.work.objects.has(key))).toEqual([false, false, true, true]);
  });

  it('leaves out rows larger than a twentieth of a snapshot', async () => {
    await recallConfirmed(market, [await outcomes({ ['long '.repeat(60_000)]: 'spam', short: 'ham' })]);
    expect(textsAndLabels(await remembered())).toEqual([['short', 'ham']]);
  });

  it('loses nothing to concurrent writers', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, (_, i) => outcomes(numbered(5 * i, 5))));
    await Promise.all(all.map((one) => recallConfirmed(market, [one])));
    const waiting = (await state()).waiting.reduce((sum, { confirmed }) => sum + confirmed, 0);
    expect((await remembered()).length + waiting).toBe(60);
    const kept = [...market.work.objects.keys()].filter((key) => key.startsWith('recalled/'));
    expect(kept.sort()).toEqual([keyOf(await state()), (await state()).replaced].sort());
  });
});
