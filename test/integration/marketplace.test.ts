import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { TrainingExample } from '../../contracts/entities/training.ts';
import { parseJsonLines, s3ObjectStore } from '../../lambdas/shared/objects.ts';
import { agentStore } from '../../lambdas/shared/stores/agent-store.ts';
import { dynamoDbTable } from '../../lambdas/shared/stores/dynamodb-table.ts';
import { trainingStore } from '../../lambdas/shared/stores/training-store.ts';
import { mailTable, sampleMails } from '../../scripts/demo/mails.ts';
import { allAnswers } from '../../scripts/demo/run-task.ts';
import { ledgerBalances } from '../../scripts/shared/ledger.ts';
import { eventually } from './eventually.ts';
import { ended, newBuyer, platform, problemOf } from './support.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const aws = () => ({
  endpoint: platform().awsEndpoint,
  region: 'eu-central-1',
  credentials,
  forcePathStyle: true,
});
const output = (name: string): string => {
  const value = platform().outputs[name];
  if (value === undefined) throw new Error(`the stacks have no output ${name}`);
  return value;
};
const EXAMPLES = 20;
const mails = sampleMails(80, 7);

describe('one task from posting to payment', () => {
  it('uploads, posts, answers, judges, pays, and stores every outcome', async () => {
    const { api } = await newBuyer();
    const dynamoDb = new DynamoDBClient(aws());
    const table = dynamoDbTable(output('TableName'), dynamoDb);
    const judgedBefore = (await agentStore(table).stats('duke-mm'))?.judged_total ?? 0;

    const file = await api.upload({
      filename: 'mails.csv',
      content_type: 'text/csv',
      data: mailTable(mails, EXAMPLES),
    });
    expect(file).toMatchObject({ status: 'ready', metadata: { file_type: 'csv', rows: 80 } });

    const task = await api.call('createTask', {
      body: {
        description: 'Spam or not?',
        complexity: 1,
        target: 'label',
        labels: ['ham', 'spam'],
        files: [file.id],
      },
    });
    expect(task).toMatchObject({ item_count: 60, example_count: EXAMPLES, settlement: 'held' });
    expect(await problemOf(api.call('deleteFile', { params: { file_id: file.id } }))).toMatchObject({
      code: 'file_in_use',
    });

    const done = await ended(api, task.id);
    expect(done).toMatchObject({ status: 'completed', model_version: '1', settlement: 'held' });
    const result = await api.call('getResult', { params: { result_id: done.result_id! } });
    expect(result).toMatchObject({ item_count: 60, success: true, verdict: 'pending' });
    expect(result.items[0]?.explanation?.summary.length).toBeGreaterThan(10);
    expect(result.items[0]?.explanation?.nearest.length).toBeGreaterThan(0);

    const filled = await fetch(result.output_url!);
    expect(filled.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(await filled.text()).toContain('mail,label');

    const answers = await allAnswers(api, result.id);
    const truth = (id: string) => mails[Number(id.split(':')[1]) - 1]!.label;
    const wrong = answers.filter((answer) => answer.prediction !== truth(answer.id));
    expect(wrong.length).toBeLessThan(20);
    const first = answers[0]!;
    const corrections =
      wrong.length > 0
        ? wrong.map(({ id }) => ({ item_id: id, expected: truth(id) }))
        : [{ item_id: first.id, reason: 'only to see a refund' }];
    const feedback = { verdict: 'reject' as const, corrections };
    const verdict = await api.call('giveFeedback', { params: { result_id: result.id }, body: feedback });
    expect(verdict).toMatchObject({ verdict: 'rejected', feedback: { refused_count: corrections.length } });
    const again = api.call('giveFeedback', { params: { result_id: result.id }, body: feedback });
    expect(await problemOf(again)).toMatchObject({ status: 409, code: 'already_judged' });

    const refund = Math.floor((task.price_satoshis * corrections.length) / 60);
    expect(await api.call('getWallet', {})).toMatchObject({
      balance_satoshis: 5_000_000 - task.price_satoshis + refund,
      held_satoshis: 0,
    });
    const balances = await ledgerBalances(output('TableName'), dynamoDb);
    expect(balances.reduce((sum, balance) => sum + balance.satoshis, 0)).toBe(0);

    const shard = await eventually(
      () => trainingStore(table).of(task.id),
      (found) => found !== undefined,
    );
    expect(shard?.count).toBe(60);
    const work = s3ObjectStore(output('WorkBucket'), new S3Client(aws()));
    const examples = parseJsonLines(await work.text(shard!.uri.split('/').slice(3).join('/')));
    const parsed = examples.map((line) => TrainingExample.parse(line));
    expect(parsed.filter((example) => !example.success)).toHaveLength(corrections.length);

    await eventually(
      async () => (await agentStore(table).stats('duke-mm'))?.judged_total ?? 0,
      (total) => total > judgedBefore,
    );
    expect((await api.call('getTask', { params: { task_id: task.id } })).settlement).toBe('split');
    await api.call('deleteFile', { params: { file_id: file.id } });
    expect(await problemOf(api.call('getFile', { params: { file_id: file.id } }))).toMatchObject({
      status: 404,
    });
  });

  it('answers inline items with examples, and zero-shot without', async () => {
    const { api } = await newBuyer();
    const items = [
      { fields: { text: 'The soup was wonderful, we will come again' } },
      { fields: { text: 'Cold food, rude waiter' } },
    ];
    const examples = [
      { fields: { text: 'Best pizza in town' }, expected: 'praise' },
      { fields: { text: 'Never again, awful service' }, expected: 'complaint' },
    ];
    const body = { description: 'What kind of restaurant review is this?', complexity: 1, items };
    const few = await api.call('createTask', { body: { ...body, examples } });
    const zero = await api.call('createTask', { body: { ...body, labels: ['praise', 'complaint'] } });
    expect(few.labels).toEqual(['complaint', 'praise']);
    for (const task of [few, zero]) {
      const done = await ended(api, task.id);
      expect(done.status).toBe('completed');
      const answers = await allAnswers(api, done.result_id!);
      expect(answers.map((answer) => answer.id)).toEqual(['item:1', 'item:2']);
      for (const { prediction } of answers) expect(['praise', 'complaint']).toContain(prediction);
    }
  });

  it('answers with numbers if the examples are numbers', async () => {
    const { api } = await newBuyer();
    const row = (x: number) => ({ fields: { rooms: x, area: 20 * x + 5 } });
    const examples = Array.from({ length: 20 }, (_, i) => ({ ...row(i + 1), expected: 1000 * (i + 1) }));
    const task = await api.call('createTask', {
      body: { description: 'What is the rent?', complexity: 1, items: [row(4.5), row(12.5)], examples },
    });
    expect(task.kind).toBe('regression');
    const done = await ended(api, task.id);
    const [small, large] = await allAnswers(api, done.result_id!);
    expect(Number(small?.prediction)).toBeGreaterThan(3500);
    expect(Number(small?.prediction)).toBeLessThan(5500);
    expect(Number(large?.prediction)).toBeGreaterThan(11_000);
    expect(Number(large?.prediction)).toBeLessThan(14_000);
  });

  it('moves the money once for a hundred concurrent verdicts', async () => {
    const { api } = await newBuyer();
    const task = await api.call('createTask', {
      body: { description: 'Which?', complexity: 1, labels: ['a', 'b'], items: [{ fields: { text: 'a' } }] },
    });
    const done = await ended(api, task.id);
    const race = Array.from({ length: 100 }, () =>
      api.call('giveFeedback', { params: { result_id: done.result_id! }, body: { verdict: 'accept' } }).then(
        () => 'accepted',
        (error: { problem?: { code: string } }) => error.problem?.code ?? 'unknown',
      ),
    );
    const answers = await Promise.all(race);
    expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(1);
    expect(new Set(answers)).toEqual(new Set(['accepted', 'already_judged']));
    const entries = await api.call('listEntries', { query: { limit: 100 } });
    expect(entries.items.filter((entry) => entry.kind === 'release')).toHaveLength(1);
    expect(await api.call('getWallet', {})).toMatchObject({
      balance_satoshis: 5_000_000 - task.price_satoshis,
      held_satoshis: 0,
    });
  });
});
