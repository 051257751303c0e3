import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASE_PATH, type Operation } from '../../../contracts/api/operation.ts';
import { openApiDocument } from '../../../contracts/api/openapi.ts';
import { allOperations } from '../../../contracts/api/routes.ts';
import { raw } from '../support.ts';
import { expected, type Expected, type Target } from './expected.ts';
import { CALLERS, makeWorld, type CallerName, type World } from './world.ts';

const MIN_CELLS = 400;
/** Records that no buyer owns: every id is one that does not exist, so a caller who is let in may get 404. */
const OF_NOBODY = new Set(['run_id']);

let world: World;
let cells = 0;
beforeAll(async () => {
  world = await makeWorld();
}, 120_000);

type Paths = Readonly<Record<string, Readonly<Record<string, { requestBody?: { content: object } }>>>>;
const paths = openApiDocument('2').paths as unknown as Paths;

/** The example of the documentation, so that a request gets as far as the record that it names. */
function bodyOf(operation: Operation): string | undefined {
  const { requestBody } = paths[BASE_PATH + operation.path]![operation.method.toLowerCase()]!;
  const json = (requestBody?.content as { 'application/json'?: { example: object } } | undefined)?.[
    'application/json'
  ];
  if (!json) return undefined;
  const names = Object.keys(json.example).filter((name) => name in world.records);
  return JSON.stringify({
    ...json.example,
    ...Object.fromEntries(names.map((name) => [name, world.records[name]])),
  });
}

function pathOf(operation: Operation, target: Target | undefined): string {
  return operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const record = world.records[name];
    if (record === undefined) throw new Error(`test/integration/authorization/world.ts has no ${name}`);
    return target === 'theirs' ? record : target === 'none' ? randomUUID() : 'no-id';
  });
}

async function cell(operation: Operation, caller: CallerName, target: Target | undefined) {
  const body = bodyOf(operation);
  const answer = await raw(operation.method, pathOf(operation, target), {
    ...(caller !== 'anonymous' && { token: world.tokens[caller] }),
    ...(body !== undefined && { body }),
  });
  cells += 1;
  return answer;
}

/** Whether a status is what the contract says. */
function fits(
  operation: Operation,
  target: Target | undefined,
  says: Expected,
  status: number,
  code: unknown,
) {
  if (says === 401) return status === 401 && code === 'unauthenticated';
  if (says === 403) return status === 403 && code === 'forbidden';
  // What is malformed may be refused for its body first, which is the caller's own.
  if (says === 'hidden') return status === 404 || (target !== 'theirs' && status === 422);
  const mayBeMissing = Object.keys(operation.params?.shape ?? {}).some((name) => OF_NOBODY.has(name));
  return (
    code !== 'unauthenticated' &&
    code !== 'forbidden' &&
    status < 500 &&
    (target !== 'theirs' || mayBeMissing || status !== 404)
  );
}

/**
 * What strangers must never read: anything that the buyer wrote, and who the buyer is. The agent of a task may read the task,
 * but not who posted it.
 */
function leaked(caller: CallerName, body: Readonly<Record<string, unknown>>): string[] {
  const text = JSON.stringify(body);
  const { buyer, secret } = world;
  const hidden: Readonly<Record<CallerName, readonly string[]>> = {
    anonymous: [secret, buyer.id, buyer.email],
    'other buyer': [secret, buyer.id, buyer.email],
    'other agent': [secret, buyer.id, buyer.email],
    agent: [buyer.id, buyer.email],
    buyer: [],
    admin: [],
  };
  return hidden[caller].filter((word) => text.includes(word));
}

/** Signing out ends the sessions of the other rows; it is tested with sessions of its own. */
const operations = allOperations.filter(({ id }) => id !== 'logout');
/** It may disable the buyer, whose sessions then end within a minute. */
const ENDS_SESSIONS = 'updateUser';
/** Reading first; those who are turned away before those who are let in, since these may change the record. */
const byEffect = ({ id, method }: Operation) =>
  id === ENDS_SESSIONS ? Infinity : ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].indexOf(method);
const orderOf = (operation: Operation, target: Target | undefined) => (caller: CallerName) =>
  expected(operation, caller, target) === 'let in' ? 1 : 0;

describe('every route × caller is authorized as the contract says', () => {
  const rows = operations
    .toSorted((a, b) => byEffect(a) - byEffect(b))
    .map((operation) => [`${operation.method} ${operation.path}`, operation] as const);

  it.each(rows)('%s', async (_name, operation) => {
    const targets: (Target | undefined)[] = operation.params ? ['malformed', 'none', 'theirs'] : [undefined];
    const wrong: string[] = [];
    for (const target of targets) {
      const order = orderOf(operation, target);
      for (const caller of CALLERS.toSorted((a, b) => order(a) - order(b))) {
        const says = expected(operation, caller, target);
        const { status, body } = await cell(operation, caller, target);
        const where = `${caller}, ${target ?? 'no record'}: ${status} ${JSON.stringify(body['code'] ?? null)}`;
        if (!fits(operation, target, says, status, body['code'])) wrong.push(`${where}, not ${says}`);
        wrong.push(...leaked(caller, body).map((word) => `${where} shows ${word}`));
      }
    }
    expect(wrong).toEqual([]);
  });

  afterAll(() => {
    console.log(`${cells} cells`);
    expect(cells).toBeGreaterThanOrEqual(MIN_CELLS);
  });
});
