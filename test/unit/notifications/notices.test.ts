import { beforeEach, describe, expect, it } from 'vitest';
import type { NotificationSettings } from '../../../contracts/entities/notice.ts';
import { keys } from '../../../contracts/naming.ts';
import type { Email } from '../../../lambdas/notifications/compose.ts';
import { notifyOfAssignment, notifyOfDelivery } from '../../../lambdas/notifications/notify.ts';
import { noticeStore } from '../../../lambdas/notifications/notice-store.ts';
import { sendAllDueNotices } from '../../../lambdas/notifications/send-notices.ts';
import { updateSettings } from '../../../lambdas/notifications/settings.ts';
import { settingsStore } from '../../../lambdas/notifications/settings-store.ts';
import { unsubscribeTokens } from '../../../lambdas/notifications/unsubscribe.ts';
import { HOUR, MINUTE } from '../../../lambdas/shared/clock.ts';
import { sealedCursors } from '../../../lambdas/shared/http/cursors.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { cursorKey } from '../../../lambdas/shared/stores/cursor-key-store.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { ANSWERS, givenTo, registerAgent, setActive, submit } from '../support/agents.ts';
import type { TestAgent } from '../support/agents.ts';
import { buyer, fund, marketplace } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';

const me = buyer();
let market: Marketplace;
let ann: TestAgent;
let sent: Email[];
/** Thrown by the next attempts to send. */
let failures: Error[];

const deps = () => ({
  ...market,
  notices: noticeStore(market.table),
  settings: settingsStore(market.table),
  tokens: unsubscribeTokens(sealedCursors(cursorKey(market.table))),
  webUrl: 'https://dukenet.example.com',
  sendsEmail: true,
  mailer: {
    send: async (email: Email) => {
      const failure = failures.shift();
      if (failure) throw failure;
      sent.push(email);
    },
  },
});

beforeEach(async () => {
  market = await marketplace();
  sent = [];
  failures = [];
  await fund(market, me, 10_000_000);
  ann = await registerAgent(market, 'ann-agent');
  await market.users.create(
    {
      id: me.userId,
      email: 'buyer@example.com',
      user_type: 'buyer',
      full_name: 'Bea Buyer',
      created_at: market.clock().toISOString(),
      updated_at: market.clock().toISOString(),
      is_active: true,
    },
    { id: newId(), fingerprint: 'f' },
  );
});

async function assigned(): Promise<string> {
  const taskId = await givenTo(market, me, ann);
  await assign(taskId);
  return taskId;
}

async function assign(taskId: string): Promise<void> {
  const task = await market.tasks.get(taskId);
  if (task?.status !== 'assigned') throw new Error('not assigned');
  await notifyOfAssignment(deps(), {
    agent_id: ann.id,
    task_id: taskId,
    attempt: task.attempt ?? 1,
    kind: task.kind,
    item_count: task.item_count,
    price_satoshis: task.price_satoshis,
    assigned_at: task.assigned_at,
    deadline_at: task.deadline_at,
  });
}

async function deliver(taskId: string): Promise<string> {
  await submit(market, ann, taskId, ANSWERS);
  const task = await market.tasks.get(taskId);
  if (task?.status !== 'completed') throw new Error('not completed');
  await notifyOfDelivery(deps(), {
    task_id: taskId,
    result_id: task.result_id,
    buyer_id: me.userId,
    agent_id: ann.id,
  });
  return task.result_id;
}

const settings = (userId: string, change: Partial<NotificationSettings>) =>
  updateSettings(deps(), userId, change);
const waitFor = async (milliseconds: number): Promise<void> => {
  market.passTime(milliseconds);
  await sendAllDueNotices(deps());
};
const subjects = () => sent.map(({ subject }) => subject);

describe('e-mails to agents', () => {
  it('report a new task at once, without data of its buyer and without content', async () => {
    const taskId = await assigned();
    expect(sent).toMatchObject([{ to: 'ann-agent@example.com', subject: 'You have a new task' }]);
    const text = JSON.stringify(sent);
    expect(text).toContain(`https://dukenet.example.com/tasks/${taskId}`);
    expect(text).toContain('120,000 satoshis');
    for (const secret of [me.userId, 'buyer@example.com', 'Bea', 'spam', 'Which']) {
      expect(text).not.toContain(secret);
    }
  });

  it('are sent once, however often the event is delivered', async () => {
    const taskId = await assigned();
    await assign(taskId);
    await Promise.all([assign(taskId), assign(taskId)]);
    await waitFor(MINUTE);
    expect(subjects()).toEqual(['You have a new task']);
  });

  it('warn before the deadline, unless the task is delivered', async () => {
    const [late, delivered] = [await assigned(), await assigned()];
    await submit(market, ann, delivered, ANSWERS);
    await waitFor(21 * HOUR);
    expect(sent).toHaveLength(2);
    await waitFor(HOUR + MINUTE);
    expect(subjects().at(-1)).toBe('The time for a task is nearly over');
    expect(sent).toHaveLength(3);
    expect(sent[2]?.text).toContain(late);
    await waitFor(HOUR);
    expect(sent).toHaveLength(3);
  });

  it('do not reach disabled accounts', async () => {
    const taskId = await givenTo(market, me, ann);
    await setActive(market, ann, false);
    await assign(taskId);
    expect(sent).toEqual([]);
  });
});

describe('e-mails to buyers', () => {
  it('report a result, and warn before automatic acceptance', async () => {
    const taskId = await assigned();
    await deliver(taskId);
    expect(sent[1]).toMatchObject({ to: 'buyer@example.com', subject: 'A result is ready for your review' });
    await waitFor(21 * HOUR);
    expect(sent).toHaveLength(2);
    await waitFor(HOUR + MINUTE);
    expect(sent[2]).toMatchObject({
      to: 'buyer@example.com',
      subject: 'The time for a review is nearly over',
    });
  });

  it('do not warn after a verdict', async () => {
    const resultId = await deliver(await assigned());
    await giveFeedback(market, me.userId, resultId, { verdict: 'accept', corrections: [] });
    await waitFor(23 * HOUR);
    expect(sent).toHaveLength(2);
  });
});

describe('settings', () => {
  it('turn off types individually', async () => {
    await settings(ann.id, { notices: ['lease_ending'] });
    await assigned();
    expect(sent).toEqual([]);
    await waitFor(22 * HOUR + MINUTE);
    expect(subjects()).toEqual(['The time for a task is nearly over']);
  });

  it('delay notices until quiet hours end, then send one e-mail with those that still apply', async () => {
    // 12:00 UTC is 13:00 in Berlin.
    await settings(ann.id, {
      quiet_hours: { from: '12:30', to: '15:00', time_zone: 'Europe/Berlin' },
    });
    const [first, second, gone] = [await assigned(), await assigned(), await assigned()];
    await submit(market, ann, gone, ANSWERS);
    await waitFor(HOUR + 59 * MINUTE);
    expect(sent).toEqual([]);
    await waitFor(MINUTE);
    expect(subjects()).toEqual(['2 notices from DukeNET']);
    expect(sent[0]?.text).toContain(first);
    expect(sent[0]?.text).toContain(second);
    expect(sent[0]?.text).not.toContain(gone);
    expect(sent[0]?.text).toContain('(Europe/Berlin)');
    await waitFor(MINUTE);
    expect(sent).toHaveLength(1);
  });

  it('change only the given fields, and say whether e-mails are sent at all', async () => {
    const quiet_hours = { from: '22:00', to: '07:00', time_zone: 'Asia/Tokyo' };
    expect(await settings(me.userId, { quiet_hours })).toMatchObject({ quiet_hours, delivery: 'email' });
    expect(await settings(me.userId, { notices: [] })).toMatchObject({ quiet_hours, notices: [] });
    expect(await settings(me.userId, { quiet_hours: null })).toMatchObject({
      quiet_hours: null,
      notices: [],
    });
    const off = await updateSettings({ ...deps(), sendsEmail: false }, me.userId, {});
    expect(off.delivery).toBe('off');
  });
});

describe('a rejected e-mail', () => {
  it('is sent by the next attempt', async () => {
    failures = [new Error('throttled')];
    await expect(assigned()).rejects.toThrow('throttled');
    await waitFor(MINUTE);
    expect(subjects()).toEqual(['You have a new task']);
  });

  it('is given up after four attempts, without stopping others', async () => {
    await deliver(await assigned());
    await assigned();
    sent = [];
    failures = Array.from({ length: 8 }, () => new Error('rejected'));
    const taskId = await givenTo(market, me, ann);
    await expect(assign(taskId)).rejects.toThrow('rejected');
    for (let attempt = 2; attempt <= 4; attempt++) {
      await expect(waitFor(MINUTE)).rejects.toThrow('1 e-mails were not sent');
    }
    failures = [];
    await waitFor(MINUTE);
    expect(sent).toEqual([]);
  });

  it('is sent again if a worker crashed after claiming the notice', async () => {
    const taskId = await givenTo(market, me, ann);
    const reached = Promise.withResolvers<void>();
    const hanging = () => {
      reached.resolve();
      return new Promise<void>(() => undefined);
    };
    const crashing = { ...deps(), mailer: { send: hanging } };
    const task = await market.tasks.get(taskId);
    if (task?.status !== 'assigned') throw new Error('not assigned');
    void notifyOfAssignment(crashing, {
      ...{ agent_id: ann.id, task_id: taskId, attempt: 1, kind: task.kind, item_count: 2 },
      ...{ price_satoshis: 120_000, assigned_at: task.assigned_at, deadline_at: task.deadline_at },
    });
    await reached.promise;
    await waitFor(MINUTE);
    expect(sent).toEqual([]);
    await waitFor(5 * MINUTE);
    expect(subjects()).toEqual(['You have a new task']);
    const pending = keys.pendingNotice(ann.id, `task_assigned#${taskId}#1`);
    expect(await market.table.get(pending)).toBeUndefined();
  });
});
