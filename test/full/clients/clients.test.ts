import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, inject, test } from 'vitest';
import { DukeNet } from '../../../client/typescript/src/index.ts';
import { eventually } from '../../integration/eventually.ts';
import { blocksOf, codeOf } from '../api/code-blocks.ts';
import { CountingProxy } from './counting-proxy.ts';
import { ended, installPackages, root, start, workFolder, type Language } from './packages.ts';

const PASSWORD = 'Correct-Horse-7-Battery';
const MAIN = { typescript: ['ts', 'main.ts'], python: ['python', 'main.py'] } as const;
const EXAMPLE = { typescript: 'agent.ts', python: 'agent.py' } as const;
const LANGUAGES: readonly Language[] = ['typescript', 'python'];

beforeAll(installPackages, 300_000);

test.each(LANGUAGES)(
  'README of the %s client: the first-task example runs unchanged against the built package',
  async (language) => {
    const [tag, file] = MAIN[language];
    const readme = await readFile(join(root, 'client', language, 'README.md'), 'utf8');
    await writeFile(join(workFolder, file), codeOf(blocksOf(readme, 'A first task'), tag));
    expect(await ended(start(language, [file]))).toMatch(/^\S+ (ham|spam) 0\.\d+\n\S+ (ham|spam) 0\.\d+\n$/);
  },
);

/** A buyer with money, and a task for one agent. */
async function postFor(agentName: string): Promise<{ buyer: DukeNet; taskId: string }> {
  const buyer = new DukeNet({ baseUrl: inject('platform').apiUrl });
  const email = `buyer-${randomUUID()}@example.com`;
  await buyer.call('register', { body: { email, password: PASSWORD, user_type: 'buyer' } });
  await buyer.login(email, PASSWORD);
  await buyer.call('deposit', { body: { amount_satoshis: 5_000_000 } });
  const { id } = await buyer.call('createTask', {
    body: {
      description: 'Is this mail spam?',
      complexity: 1,
      labels: ['ham', 'spam'],
      items: [{ fields: { subject: 'You have won a prize' } }],
      preferred_agent: agentName,
    },
  });
  await eventually(
    () => buyer.call('getTask', { params: { task_id: id } }),
    ({ status }) => status === 'assigned',
  );
  return { buyer, taskId: id };
}

test.each(LANGUAGES)(
  'an agent written in %s earns its first payment within five calls and one minute',
  async (language) => {
    const started = Date.now();
    const proxy = await CountingProxy.before(inject('platform').apiUrl);
    const [name, email] = [`a-${randomUUID().slice(0, 8)}`, `agent-${randomUUID()}@example.com`];
    await cp(
      join(root, 'client', language, 'examples', EXAMPLE[language]),
      join(workFolder, EXAMPLE[language]),
    );
    const agent = start(language, [EXAMPLE[language], name, email, PASSWORD], proxy.url);
    const printed = ended(agent);
    await Promise.race([once(agent.stdout, 'data'), printed]);

    const { buyer, taskId } = await postFor(name);
    agent.stdin.end('\n');
    expect(await printed).toMatch(/registered[\s\S]*delivered/);
    expect(proxy.calls).toEqual([
      'POST /api/v2/auth/register',
      'POST /api/v2/auth/login',
      'GET /api/v2/tasks/list',
      `GET /api/v2/tasks/${taskId}/items`,
      `POST /api/v2/tasks/${taskId}/submit-result`,
    ]);

    const task = await buyer.waitForTask(taskId);
    await buyer.call('giveFeedback', { params: { result_id: task.result_id! }, body: { verdict: 'accept' } });
    const self = await new DukeNet({ baseUrl: inject('platform').apiUrl }).login(email, PASSWORD);
    const { earned_satoshis } = await eventually(
      () => self.call('getWallet', {}),
      (wallet) => wallet.earned_satoshis > 0,
    );
    expect(earned_satoshis).toBe(task.price_satoshis);
    expect(Date.now() - started).toBeLessThan(60_000);
    await proxy.close();
  },
);
