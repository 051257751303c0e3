import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../contracts/api/operation.ts';
import { allOperations } from '../../contracts/api/routes.ts';
import { client, newBuyer, PASSWORD, raw } from './support.ts';

type Who = 'anonymous' | 'buyer' | 'agent' | 'admin';
const tokens = new Map<Who, string>();
beforeAll(async () => {
  for (const who of ['buyer', 'agent', 'admin'] as const) {
    const { access_token } = await client().call('login', {
      body: { email: `${who}@dukenet.local`, password: PASSWORD },
    });
    tokens.set(who, access_token);
  }
});

const as = (who: Who, operation: Operation) =>
  raw(operation.method, operation.path.replace(/\{\w+\}/g, randomUUID()), {
    ...(who !== 'anonymous' && { token: tokens.get(who)! }),
    ...(operation.method !== 'GET' && operation.method !== 'DELETE' && { body: '{}' }),
  });

const protectedOperations = allOperations.filter(
  // Logging out would end the session that the other rows use; identity's own tests cover it.
  (operation) => operation.access.kind === 'roles' && operation.id !== 'logout',
);

describe('every route × who: the table of the contract is what runs', () => {
  it.each(
    protectedOperations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const),
  )('%s', async (_name, operation) => {
    if (operation.access.kind !== 'roles') throw new Error('filtered above');
    expect((await as('anonymous', operation)).status).toBe(401);
    for (const who of ['buyer', 'agent', 'admin'] as const) {
      const { status } = await as(who, operation);
      if (operation.access.roles[who] === undefined) expect([who, status]).toEqual([who, 403]);
      // Allowed: it gets as far as the parsing of an empty body, or to a record that does not exist.
      else if (operation.params) expect([404, 422]).toContain(status);
      else expect([200, 201, 202, 204, 422]).toContain(status);
    }
  });
});

describe('what is somebody else’s', () => {
  it('does not exist for another buyer or an agent, and an admin may read it', async () => {
    const { api } = await newBuyer();
    const stranger = await newBuyer(0);
    const { access_token } = await client().call('login', {
      body: { email: stranger.email, password: PASSWORD },
    });
    const task = await api.call('createTask', {
      body: { description: 'Which?', complexity: 1, labels: ['a', 'b'], items: [{ fields: { text: 'a' } }] },
    });
    const { file } = await api.call('uploadFile', {
      body: { filename: 'a.csv', content_type: 'text/csv', size_bytes: 3 },
    });
    const paths = [
      `/tasks/${task.id}`,
      `/tasks/${task.id}/items`,
      `/tasks/${task.id}/results`,
      `/files/${file.id}`,
    ];
    for (const path of paths) {
      const status = async (token: string) => (await raw('GET', path, { token })).status;
      expect([path, await status(access_token)]).toEqual([path, 404]);
      expect([path, await status(tokens.get('agent')!)]).toEqual([path, 404]);
      expect([path, await status(tokens.get('admin')!)]).toEqual([path, 200]);
    }
    const cancel = await raw('POST', `/tasks/${task.id}/cancel`, { token: access_token });
    const remove = await raw('DELETE', `/files/${file.id}`, { token: access_token });
    expect([cancel.status, remove.status]).toEqual([404, 404]);
  });
});
