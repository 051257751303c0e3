import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { taskOperations } from '../../../../contracts/api/tasks.ts';
import type { CreateTaskBody } from '../../../../contracts/api/task-bodies.ts';
import { parseRequest } from '../../../../lambdas/shared/http/request.ts';
import { HOSTILE_NAMES } from '../../../support/hostile-names.ts';

const event = (body: string) =>
  ({ body, headers: { 'content-type': 'application/json' } }) as unknown as APIGatewayProxyEventV2;
const bodyWith = (fields: string) => `{"description":"x","complexity":1,"items":[{"fields":${fields}}]}`;

describe('property names in a body', () => {
  it.each(['__proto__', '__pro\\u0074o__', '\\u005f_proto__'])('cannot be %s', (name) => {
    expect(() => parseRequest(taskOperations.createTask, event(bodyWith(`{"${name}":"gone"}`)))).toThrow(
      '"__proto__" cannot be a name.',
    );
  });

  it.each(HOSTILE_NAMES.filter((name) => name !== '__proto__'))('can be %j', (name) => {
    const body = bodyWith(JSON.stringify({ [name]: 'kept' }));
    const parsed = parseRequest(taskOperations.createTask, event(body)).body as CreateTaskBody;
    expect(parsed.items[0]?.fields).toEqual({ [name]: 'kept' });
  });

  it('are not restricted inside text values', () => {
    const body = bodyWith('{"text":"obj.__proto__ and \\"__proto__\\": 1"}');
    expect(() => parseRequest(taskOperations.createTask, event(body))).not.toThrow();
  });
});
