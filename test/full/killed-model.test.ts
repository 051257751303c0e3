import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { mailTable, sampleMails } from '../../scripts/demo/mails.ts';
import { allAnswers } from '../../scripts/demo/run-task.ts';
import { eventually } from '../integration/eventually.ts';
import { ended, newBuyer } from '../integration/support.ts';

const EXAMPLES = 40;
const ROWS = 2000;
/** The beginning of a mail without its transport headers: what a list of mails shows. */
const MAX_CHARACTERS = 300;

const mails = sampleMails(EXAMPLES + ROWS, 3).map((mail) => ({
  ...mail,
  text: mail.text
    .slice(mail.text.search(/^subject:/im))
    .replace(/\s+/g, ' ')
    .slice(0, MAX_CHARACTERS),
}));

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): Process[] {
  return execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid && parent && command ? [{ pid: Number(pid), parent: Number(parent), command }] : [];
    });
}

/** The model processes of this platform, which runs in the process that started this test's; never those of another. */
function modelProcesses(): number[] {
  const all = processes();
  const parentOf = new Map(all.map((process) => [process.pid, process.parent]));
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === process.ppid || isOurs(parentOf.get(pid)));
  return all
    .filter(({ command, pid }) => command.includes('dukemm serve') && isOurs(pid))
    .map(({ pid }) => pid);
}

describe('a task of 2,000 rows whose model process is killed half-way', () => {
  it('is only delayed: every row is answered once, and the price stays in escrow', async () => {
    const { api } = await newBuyer();
    const file = await api.upload({
      filename: 'mails.csv',
      content_type: 'text/csv',
      data: mailTable(mails, EXAMPLES),
    });
    const task = await api.call('createTask', {
      body: {
        description: 'Spam or ham?',
        complexity: 8,
        labels: ['ham', 'spam'],
        target: 'label',
        files: [file.id],
      },
    });
    expect(task.item_count).toBe(ROWS);

    const progress = () => api.call('getTask', { params: { task_id: task.id } });
    await eventually(progress, (seen) => (seen.progress?.chunks_done ?? 0) >= 3, 300_000);
    const pids = modelProcesses();
    expect(pids).not.toEqual([]);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    expect((await progress()).status).toBe('executing');

    const done = await ended(api, task.id, 800_000);
    expect(done).toMatchObject({
      status: 'completed',
      settlement: 'held',
      progress: { chunk_count: 40, chunks_done: 40 },
    });
    expect(modelProcesses().filter((pid) => pids.includes(pid))).toEqual([]);
    const answers = await allAnswers(api, done.result_id!);
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(ROWS);
    const right = answers.filter(
      (answer) => answer.prediction === mails[Number(answer.id.split(':')[1]) - 1]!.label,
    );
    console.log(
      `${right.length} of ${ROWS} right from ${EXAMPLES} examples and ${MAX_CHARACTERS} characters of each mail`,
    );
    expect(right.length / ROWS).toBeGreaterThan(0.7);
    const { held_satoshis, balance_satoshis } = await api.call('getWallet', {});
    expect([held_satoshis, balance_satoshis]).toEqual([task.price_satoshis, 5_000_000 - task.price_satoshis]);
  });
});
