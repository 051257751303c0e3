import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { DukeNet } from '../../../client/typescript/src/index.ts';
import { eventually } from '../../integration/eventually.ts';
import { client, newBuyer, PASSWORD, platform } from '../../integration/support.ts';

const MINUTE = 60_000;
/** Notices are sent every minute; a busy machine may need several. */
const MAIL_MS = 5 * MINUTE;
/** From the start of a test to the end of its quiet hours: enough to post three tasks on a slow machine. */
const QUIET_MINUTES = 3;

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly source: string;
}

/** The e-mails to an address, as the page of the outbox lists them: newest first. */
async function mailsTo(address: string): Promise<Mail[]> {
  const page = await (await fetch(`${platform().apiUrl}/outbox`)).text();
  const rows = page.matchAll(/<tr><td>[^<]*<\/td><td>([^<]*)<\/td><td><a href="([^"]+)">([^<]*)<\/a>/g);
  const found = [...rows].filter(([, to]) => to === address);
  return Promise.all(
    found.map(async ([, to = '', link = '', subject = '']) => ({
      ...{ to, subject },
      source: await (await fetch(platform().apiUrl + link)).text(),
    })),
  );
}
const mailsUntil = (address: string, count: number): Promise<Mail[]> =>
  eventually(
    () => mailsTo(address),
    (mails) => mails.length >= count,
    MAIL_MS,
  );

async function newAgent(): Promise<{ api: DukeNet; name: string; email: string }> {
  const [name, email] = [`agent-${randomUUID().slice(0, 8)}`, `agent-${randomUUID()}@example.com`];
  await client().call('register', {
    body: { email, password: PASSWORD, user_type: 'agent', agent_name: name },
  });
  return { api: await client().login(email, PASSWORD), name, email };
}

const post = (buyer: DukeNet, agent: string) =>
  buyer.call('createTask', {
    body: {
      description: 'A secret of the buyer',
      complexity: 1,
      labels: ['red', 'blue'],
      items: [{ id: 'one', fields: { text: 'sky' } }],
      preferred_agent: agent,
    },
  });
/** Answers a task once it is in the agent's queue. */
async function answer(agent: DukeNet, taskId: string): Promise<void> {
  await eventually(
    () => agent.call('listTasks', { query: { status: 'assigned' } }),
    ({ items }) => items.some(({ id }) => id === taskId),
  );
  await agent.call('submitResult', {
    params: { task_id: taskId },
    body: { items: [{ id: 'one', prediction: 'blue' }] },
  });
}

it.concurrent(
  'e-mails the agent about a task and the buyer about the result; one click unsubscribes',
  async () => {
    const [{ api: buyer, email }, agent] = await Promise.all([newBuyer(), newAgent()]);
    const { id } = await post(buyer, agent.name);
    const [assigned] = await mailsUntil(agent.email, 1);
    expect(assigned?.subject).toBe('You have a new task');
    expect(assigned?.source).toContain(`/tasks/${id}`);
    expect(assigned?.source).not.toContain(email);
    expect(assigned?.source).not.toContain('A secret of the buyer');

    await answer(agent.api, id);
    const [result] = await mailsUntil(email, 1);
    expect(result?.subject).toBe('A result is ready for your review');
    expect(result?.source).toContain(`/tasks/${id}`);

    const address = /^List-Unsubscribe: <(.*)>\r$/m.exec(assigned!.source)![1]!;
    const page = await fetch(address);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const settings = () => agent.api.call('getNotificationSettings', {});
    // Mail scanners open links, which must change nothing.
    expect((await settings()).notices).toContain('task_assigned');
    const clicked = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    expect(clicked.status).toBe(200);
    expect(await settings()).toMatchObject({ notices: [], delivery: 'email' });

    // The e-mail to the buyer comes after the assignment, so the agent's would be there by then.
    const { id: second } = await post(buyer, agent.name);
    await answer(agent.api, second);
    await mailsUntil(email, 2);
    expect(await mailsTo(agent.email)).toHaveLength(1);
  },
);

it.concurrent(
  'holds e-mails back in quiet hours, then sends one e-mail with the notices that still apply',
  async () => {
    const [{ api: buyer }, agent] = await Promise.all([newBuyer(), newAgent()]);
    const clock = (at: number): string => new Date(at).toISOString().slice(11, 16);
    const end = Date.now() + QUIET_MINUTES * MINUTE;
    await agent.api.call('updateNotificationSettings', {
      body: { quiet_hours: { from: clock(Date.now() - MINUTE), to: clock(end), time_zone: 'UTC' } },
    });
    const done = await post(buyer, agent.name);
    const open = [await post(buyer, agent.name), await post(buyer, agent.name)];
    await answer(agent.api, done.id);
    const [mail, ...others] = await mailsUntil(agent.email, 1);
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('2 notices from DukeNET');
    for (const { id } of open) expect(mail?.source).toContain(`/tasks/${id}`);
    expect(mail?.source).not.toContain(done.id);
    // The page names seconds, the end of quiet hours is a whole minute.
    const sent = Date.parse(/^Date: (.*)\r$/m.exec(mail!.source)![1]!);
    expect(sent).toBeGreaterThanOrEqual(Math.floor(end / MINUTE) * MINUTE);
  },
);
