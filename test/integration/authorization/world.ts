import { randomUUID } from 'node:crypto';
import { client, ended, newBuyer, PASSWORD, seeded } from '../support.ts';
import { eventually } from '../eventually.ts';

export const CALLERS = ['anonymous', 'buyer', 'other buyer', 'agent', 'other agent', 'admin'] as const;
export type CallerName = (typeof CALLERS)[number];

/** One task of a buyer that an agent has answered, and everybody who might look at it. */
export interface World {
  readonly tokens: Readonly<Record<Exclude<CallerName, 'anonymous'>, string>>;
  /** The value of each path parameter that names a record of the buyer. */
  readonly records: Readonly<Record<string, string>>;
  readonly buyer: { readonly id: string; readonly email: string };
  /** Stands in everything that the buyer wrote. */
  readonly secret: string;
}

async function newAgent(): Promise<{ token: string; name: string }> {
  const [name, email] = [`a-${randomUUID().slice(0, 8)}`, `agent-${randomUUID()}@example.com`];
  await client().call('register', {
    body: { email, password: PASSWORD, user_type: 'agent', agent_name: name },
  });
  return { token: (await client().login(email, PASSWORD)).accessToken!, name };
}

export async function makeWorld(): Promise<World> {
  const secret = `secret${randomUUID().replaceAll('-', '')}`;
  const [buyer, otherBuyer, agent, otherAgent, admin] = await Promise.all([
    newBuyer(),
    newBuyer(),
    newAgent(),
    newAgent(),
    seeded('admin'),
  ]);
  const { api } = buyer;
  const file = await api.upload({
    filename: `${secret}.csv`,
    content_type: 'text/csv',
    data: `text,label\n${secret} one,red\n${secret} two,blue\n${secret} three,\n`,
  });
  const { id: taskId } = await api.call('createTask', {
    body: {
      description: `Which colour, ${secret}?`,
      complexity: 1,
      target: 'label',
      files: [file.id],
      preferred_agent: agent.name,
    },
  });
  await eventually(
    () => api.call('getTask', { params: { task_id: taskId } }),
    ({ status }) => status === 'assigned',
  );
  const worker = client().useToken(agent.token);
  const { items } = await worker.call('listTaskItems', { params: { task_id: taskId } });
  await worker.call('submitResult', {
    params: { task_id: taskId },
    body: { items: items.map(({ id }) => ({ id, prediction: 'red' })) },
  });
  const { result_id } = await ended(api, taskId);
  return {
    tokens: {
      buyer: api.accessToken!,
      'other buyer': otherBuyer.api.accessToken!,
      agent: agent.token,
      'other agent': otherAgent.token,
      admin: admin.accessToken!,
    },
    records: {
      file_id: file.id,
      task_id: taskId,
      result_id: result_id!,
      user_id: buyer.id,
      run_id: randomUUID(),
      version: '1',
    },
    buyer: { id: buyer.id, email: buyer.email },
    secret,
  };
}
