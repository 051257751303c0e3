import { randomUUID } from 'node:crypto';
import type { TaskView } from '../../contracts/api/tasks.ts';
import { isUnfinished } from '../../contracts/rules/task-status.ts';
import { DukeNet } from '../../client/typescript/src/index.ts';

const PASSWORD = 'Kills-local-1';
const DEPOSIT = 50_000_000;
const COLOURS = ['red', 'green', 'blue'] as const;

/** Everything the platform has acknowledged, and must therefore still have. */
export interface Buyer {
  readonly email: string;
  readonly tasks: Set<string>;
  /** Files whose upload was acknowledged. */
  readonly files: Set<string>;
  /** Tasks whose feedback was acknowledged. */
  readonly judged: Set<string>;
  /** Deposits that were acknowledged, and those without a response. */
  deposited: number;
  attempted: number;
}

export const signIn = (apiUrl: string, { email }: Pick<Buyer, 'email'>): Promise<DukeNet> =>
  new DukeNet({ baseUrl: apiUrl }).login(email, PASSWORD);

export async function newBuyer(apiUrl: string): Promise<Buyer> {
  const email = `kills-${randomUUID()}@example.com`;
  const api = new DukeNet({ baseUrl: apiUrl });
  await api.call('register', { body: { email, password: PASSWORD, user_type: 'buyer' } });
  const buyer: Buyer = {
    email,
    tasks: new Set(),
    files: new Set(),
    judged: new Set(),
    deposited: 0,
    attempted: 0,
  };
  await deposit(await signIn(apiUrl, buyer), buyer, DEPOSIT);
  return buyer;
}

async function deposit(api: DukeNet, buyer: Buyer, amount: number): Promise<void> {
  buyer.attempted += amount;
  await api.call('deposit', { body: { amount_satoshis: amount } });
  buyer.deposited += amount;
}

/** Uploads one file without waiting for its inspection. */
async function upload(api: DukeNet, buyer: Buyer): Promise<string> {
  const rows = Array.from({ length: 24 }, (_, i) => {
    const colour = COLOURS[i % COLOURS.length]!;
    return `thing ${i} is ${colour},${i < 12 ? colour : ''}`;
  });
  const file = await api.sendFile({
    filename: `${randomUUID()}.csv`,
    content_type: 'text/csv',
    data: `text,colour\n${rows.join('\n')}\n`,
  });
  buyer.files.add(file.id);
  return file.id;
}

async function postItems(api: DukeNet, buyer: Buyer): Promise<void> {
  const task = await api.call('createTask', {
    body: {
      description: 'Which colour is it?',
      complexity: 1,
      labels: [...COLOURS],
      items: Array.from({ length: 6 }, (_, i) => ({
        fields: { text: `thing ${i} is ${COLOURS[i % COLOURS.length]}` },
      })),
    },
  });
  buyer.tasks.add(task.id);
}

async function postFile(api: DukeNet, buyer: Buyer): Promise<void> {
  const file_id = await upload(api, buyer);
  await api.waitForFile(file_id);
  const task = await api.call('createTask', {
    body: { description: 'Which colour is it?', complexity: 1, target: 'colour', files: [file_id] },
  });
  buyer.tasks.add(task.id);
}

/** Judges one task that has ended, if there is one. */
export async function judge(api: DukeNet, buyer: Buyer, task: TaskView): Promise<void> {
  if (task.status !== 'completed' || task.settlement !== 'held' || !task.result_id) return;
  const { items } = await api.call('listResultItems', {
    params: { result_id: task.result_id },
    query: { limit: 100 },
  });
  const corrections = items
    .slice(0, 2)
    .map(({ id, prediction }) => ({ item_id: id, expected: COLOURS.find((name) => name !== prediction)! }));
  const reject = buyer.judged.size % 2 === 1;
  await api.call('giveFeedback', {
    params: { result_id: task.result_id },
    body: reject ? { verdict: 'reject', corrections } : { verdict: 'accept' },
  });
  buyer.judged.add(task.id);
}

async function judgeOne(api: DukeNet, buyer: Buyer): Promise<void> {
  for (const task_id of buyer.tasks) {
    if (buyer.judged.has(task_id)) continue;
    const task = await api.call('getTask', { params: { task_id } });
    if (isUnfinished(task.status)) continue;
    await judge(api, buyer, task);
    return;
  }
}

/** Acts as buyers do, one action after another, until the platform is killed. */
export async function work(apiUrl: string, buyer: Buyer, random: () => number): Promise<void> {
  const api = await signIn(apiUrl, buyer);
  const actions = [postItems, postItems, postFile, upload, judgeOne, judgeOne, deposit] as const;
  for (;;) {
    const action = actions[Math.floor(random() * actions.length)]!;
    await action(api, buyer, 1000);
  }
}

export const isOpen = ({ status }: Pick<TaskView, 'status'>): boolean => isUnfinished(status);
