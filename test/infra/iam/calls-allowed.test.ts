import { afterAll, describe, expect, test } from 'vitest';
import { functionsOf, synthesized } from '../synth.ts';
import { recordedCalls } from '../../../local/calls/table.ts';
import {
  containersOf,
  requestsOfContainer,
  requestsOfLambda,
  requestsOfServices,
  SIGNED,
} from './implied.ts';
import { Account } from './policies.ts';
import type { Request } from './policies.ts';
import { Requests } from './requests.ts';
import { SILENT } from './unseen.ts';

const dev = synthesized('dev');
const account = new Account(dev);
const requests = new Requests(dev, account);
const calls = recordedCalls();

let allowed = 0;
const roles = new Set<string>();

/** Those of the requests that AWS would refuse. */
async function denied(asked: readonly Request[]): Promise<string[]> {
  const refused: string[] = [];
  const unique = new Map(asked.map((request) => [JSON.stringify(request), request]));
  for (const request of unique.values()) {
    roles.add(request.role);
    if (await account.allows(request)) allowed += 1;
    else refused.push(`${request.role}: ${request.action} ${request.resource}`);
  }
  return refused;
}

afterAll(() => {
  console.log(`${allowed} requests of ${roles.size} roles are allowed`);
});

describe('the role of a function allows', () => {
  test.each(Object.entries(calls))('the recorded calls of %s', async (name, permissions) => {
    expect(await denied(permissions.flatMap((permission) => requests.of(name, permission)))).toEqual([]);
  });

  test.each(Object.entries(SIGNED))('the requests that %s signs for clients', async (name, permissions) => {
    expect(await denied(permissions.flatMap((permission) => requests.of(name, permission)))).toEqual([]);
  });

  test('what Lambda does in its name: logs, traces, queues and streams', async () => {
    expect(await denied(requestsOfLambda(dev, account))).toEqual([]);
  });
});

test('rules may send to their queues; schedules and the state machine may invoke their functions', async () => {
  expect(await denied(requestsOfServices(dev, account))).toEqual([]);
});

test.each(containersOf(dev))('SageMaker may run the image with the role $role', async (container) => {
  expect(await denied(requestsOfContainer(dev, account, container))).toEqual([]);
});

test('calls of every function were recorded, except of those that no suite invokes', () => {
  const silent = [...functionsOf(dev).keys()].filter((name) => !(name in calls));
  expect(silent.filter((name) => !SILENT.includes(name))).toEqual([]);
});
