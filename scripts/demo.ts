/**
 * `npm run demo`: one task from posting to payment on a running marketplace, with real mails and the real model;
 * every printed figure is measured in this run.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DukeNet, hasCode } from '../client/typescript/src/index.ts';
import { ledgerBalances } from './shared/ledger.ts';
import { demoOptions, localTable, pythonPath, USAGE } from './demo/arguments.ts';
import type { Options } from './demo/arguments.ts';
import { baselineAccuracy } from './demo/baseline.ts';
import { ledgerLines } from './demo/ledger-lines.ts';
import { mailTable, sampleMails } from './demo/mails.ts';
import type { Mail } from './demo/mails.ts';
import { allAnswers, waitForTask } from './demo/run-task.ts';
import type { AnsweredItem } from './demo/run-task.ts';

const TIMEOUT_MS = 30 * 60_000;
const sat = (amount: number): string => `${amount.toLocaleString('en')} sat`;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const say = (line = ''): void => console.log(line);

/**
 * Prints the ledger of the whole platform, as its sum or by account.
 * @returns the sum of all entries; undefined if the table cannot be read
 */
async function showLedger(title: string, everyAccount: boolean): Promise<number | undefined> {
  const table = localTable(process.env);
  if (table === undefined) return undefined;
  const endpoint = process.env['AWS_ENDPOINT_URL'] ?? 'http://127.0.0.1:4566';
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({
    endpoint,
    region: process.env['AWS_REGION'] ?? 'eu-central-1',
    credentials,
  });
  const balances = await ledgerBalances(table, client);
  for (const line of ledgerLines(title, balances, everyAccount)) say(line);
  return balances.reduce((total, balance) => total + balance.satoshis, 0);
}

async function post(api: DukeNet, options: Options, mails: readonly Mail[]) {
  const table = mailTable(mails, options.examples);
  const file = await api.upload({
    filename: `mails-${options.seed}.csv`,
    content_type: 'text/csv',
    data: table,
  });
  say(
    `Uploaded ${mails.length} mails (${(file.size_bytes / 1024).toFixed(0)} KB), of which ${options.examples} have their label: spam or ham.`,
  );
  const task = await api.call('createTask', {
    body: {
      description: 'Is this mail spam (unsolicited bulk mail) or ham (mail that somebody wants to read)?',
      complexity: Math.ceil(options.items / 250),
      labels: ['ham', 'spam'],
      target: 'label',
      files: [file.id],
    },
  });
  say(
    `Posted the other ${task.item_count} as a task for ${sat(task.price_satoshis)}, held in escrow until the verdict.`,
  );
  return { task, table, fileId: file.id };
}

function grade(answers: readonly AnsweredItem[], mails: readonly Mail[]) {
  const truthOf = (answer: AnsweredItem): string => mails[Number(answer.id.split(':').pop()) - 1]!.label;
  const wrong = answers.filter((answer) => answer.prediction !== truthOf(answer));
  return {
    accuracy: 1 - wrong.length / answers.length,
    corrections: wrong.map((answer) => ({ item_id: answer.id, expected: truthOf(answer) })),
    surest: answers.toSorted((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0)),
  };
}

async function main(options: Options): Promise<void> {
  const api = await new DukeNet({ baseUrl: options.api }).login(options.email, options.password);
  if (options.ledger) await showLedger('before', true);
  const before = await api.call('getWallet', {});

  const mails = sampleMails(options.examples + options.items, options.seed);
  const started = performance.now();
  const { task, table } = await post(api, options, mails);
  const done = await waitForTask(api, task.id, TIMEOUT_MS);
  if (done.status !== 'completed' || done.result_id === undefined) {
    throw new Error(`the task is ${done.status}: ${done.failure_reason ?? 'no reason given'}`);
  }
  const seconds = (performance.now() - started) / 1000;
  const answers = await allAnswers(api, done.result_id);
  const { accuracy, corrections, surest } = grade(answers, mails);
  await api.call('giveFeedback', {
    params: { result_id: done.result_id },
    body: { verdict: corrections.length > 0 ? 'reject' : 'accept', corrections },
  });
  const after = await api.call('getWallet', {});

  say(`\nSurest answer   ${String(surest[0]?.prediction)}: ${surest[0]?.summary ?? ''}`);
  say(
    `Duke MM         ${percent(accuracy)} right of ${answers.length} mails, from ${options.examples} examples`,
  );
  if (options.baseline) {
    const baseline = await baselineAccuracy(
      pythonPath(process.env),
      table,
      mails.map((mail) => mail.label),
    );
    say(`TF-IDF + LR     ${percent(baseline)} right of the same mails, from the same examples`);
  }
  say(`Time            ${seconds.toFixed(1)} s from upload to result`);
  say(
    corrections.length > 0
      ? `Verdict         rejected, with the right answer for the ${corrections.length} wrong ones`
      : 'Verdict         accepted',
  );
  const paid = before.balance_satoshis - after.balance_satoshis;
  say(`Paid            ${sat(paid)}; ${sat(task.price_satoshis - paid)} came back`);
  const sum = await showLedger('after', options.ledger);
  if (sum !== undefined && sum !== 0) throw new Error(`the ledger does not balance: ${sum} satoshis`);
}

try {
  const options = demoOptions(process.argv.slice(2), process.env);
  if (options.help) say(USAGE);
  else await main(options);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(
    hasCode(error, 'unreachable')
      ? 'Nobody answers at that address. Is the marketplace running (npm start)?'
      : `The demo stopped: ${reason}`,
  );
  process.exitCode = 1;
}
