import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { exampleOf } from '../../../contracts/api/document/examples.ts';
import type { Schemas } from '../../../contracts/api/document/examples.ts';
import { TAGS } from '../../../contracts/api/document/guide.ts';
import { errorsOf } from '../../../contracts/api/document/responses.ts';
import { openApiDocument } from '../../../contracts/api/openapi.ts';
import { BASE_PATH } from '../../../contracts/api/operation.ts';
import { allOperations } from '../../../contracts/api/routes.ts';
import { ERRORS } from '../../../contracts/errors.ts';
import { partsOf } from './document-walk.ts';
import type { Found, Node } from './document-walk.ts';

const document = openApiDocument('1') as unknown as Node;
const schemas = (document['components'] as { schemas: Schemas }).schemas;
const parts = partsOf(document);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: 'document', ...document });
/** What is wrong with a value by a schema of the document; its `$ref`s are resolved in it. */
function faultsOf(schema: Node, value: unknown): string[] {
  const inDocument = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as Node;
  const validate = ajv.compile(inDocument);
  return validate(value) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message ?? ''}`);
}

const places = (found: readonly Found[]): string[] => found.map(({ at }) => at);
const saysSomething = (text: unknown): boolean => typeof text === 'string' && /\w{3}/.test(text);
const wordsOf = (node: Node): unknown =>
  node['description'] ??
  (typeof node['$ref'] === 'string' ? schemas[node['$ref'].split('/').at(-1)!]?.['description'] : undefined);

describe('the OpenAPI document describes', () => {
  test('every operation, with a summary and a longer description', () => {
    const bare = parts.operations.filter(
      ({ node }) =>
        !saysSomething(node['summary']) ||
        !saysSomething(node['description']) ||
        node['summary'] === node['description'],
    );
    expect(places(bare)).toEqual([]);
  });

  test.each([
    ['property', parts.properties],
    ['parameter', parts.parameters],
    ['answer', parts.responses],
    ['header', parts.headers],
    ['named schema', Object.entries(schemas).map(([name, node]) => ({ at: name, node }))],
  ])('every %s', (_kind, found) => {
    expect(found.length).toBeGreaterThan(10);
    expect(places(found.filter(({ node }) => !saysSomething(wordsOf(node))))).toEqual([]);
  });

  test('every tag that is used', () => {
    const used = new Set(parts.operations.flatMap(({ node }) => node['tags'] as string[]));
    expect([...used].sort()).toEqual(TAGS.map(({ name }) => name).sort());
    expect(TAGS.filter(({ description }) => !saysSomething(description))).toEqual([]);
  });
});

describe('the OpenAPI document has an example for', () => {
  test.each([
    ['property', parts.properties],
    ['named schema', Object.entries(schemas).map(([name, node]) => ({ at: name, node }))],
    ['parameter', parts.parameters.map(({ at, node }) => ({ at, node: node['schema'] as Node }))],
    ['header', parts.headers.map(({ at, node }) => ({ at, node: node['schema'] as Node }))],
  ])('every %s, and the example is valid', (_kind, found) => {
    const wrong = found.flatMap(({ at, node }) => {
      const example = exampleOf(node, schemas);
      return example === undefined
        ? [`${at}: no example`]
        : faultsOf(node, example).map((f) => `${at}: ${f}`);
    });
    expect(wrong).toEqual([]);
  });

  test('every request and response body, and the example is valid', () => {
    const json = parts.bodies.filter(({ at }) => at.endsWith(' application/json'));
    expect(json.length).toBeGreaterThan(50);
    const wrong = json.flatMap(({ at, node }) =>
      node['example'] === undefined
        ? [`${at}: no example`]
        : faultsOf(node['schema'] as Node, node['example']).map((f) => `${at}: ${f}`),
    );
    expect(wrong).toEqual([]);
  });

  test('every request, and the service accepts it', () => {
    const refused = allOperations.flatMap((operation) => {
      const node = parts.operations.find(({ node }) => node['operationId'] === operation.id)!.node;
      const content = (node['requestBody'] as { content: Record<string, Node> } | undefined)?.content;
      if (!operation.body) return [];
      const parsed = operation.body.safeParse(content?.['application/json']?.['example']);
      return parsed.success ? [] : [`${operation.id}: ${parsed.error.message}`];
    });
    expect(refused).toEqual([]);
  });

  test('every error, under each operation that can return it', () => {
    const examples = (document['components'] as { examples: Record<string, { value: Node }> }).examples;
    for (const [code, { value }] of Object.entries(examples)) {
      expect(faultsOf({ $ref: '#/components/schemas/Problem' }, value), code).toEqual([]);
      expect(value['status']).toBe(ERRORS[code as keyof typeof ERRORS].status);
    }
    for (const operation of allOperations) {
      for (const code of errorsOf(operation)) {
        const at = `${operation.method} ${BASE_PATH}${operation.path} ${ERRORS[code].status}`;
        const response = parts.responses.find((found) => found.at === at)!.node;
        const content = response['content'] as Record<string, { examples: Record<string, Node> }>;
        expect(content['application/problem+json']?.examples[code], `${at} ${code}`).toEqual({
          $ref: `#/components/examples/${code}`,
        });
      }
    }
  });
});

describe('code generators and fuzzers can read the OpenAPI document', () => {
  test('every model has a name', () => {
    expect(places(parts.anonymousModels)).toEqual([]);
  });

  test('there are no tuples, and no boolean schemas except for additional properties', () => {
    const tuples = parts.schemas.filter(
      ({ node }) => 'prefixItems' in node || typeof node['items'] === 'boolean' || 'not' in node,
    );
    expect(places(tuples)).toEqual([]);
  });

  test('every pattern is valid in Python too', () => {
    const foreign = parts.schemas.filter(
      ({ node }) => typeof node['pattern'] === 'string' && /\\[pPu]\{|\(\?<\w/.test(node['pattern']),
    );
    expect(places(foreign)).toEqual([]);
  });

  test('names of operations and schemas are unique identifiers', () => {
    const ids = parts.operations.map(({ node }) => node['operationId'] as string);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids, ...Object.keys(schemas)].filter((name) => !/^[A-Za-z]\w+$/.test(name))).toEqual([]);
  });

  test('names its server, and the authentication of each operation', () => {
    expect(document['servers']).toMatchObject([{ url: '/' }]);
    for (const { at, node } of parts.operations) {
      const operation = allOperations.find(({ id }) => id === node['operationId'])!;
      const expected = operation.access.kind === 'public' ? [] : [{ accessToken: [] }];
      expect(node['security'], at).toEqual(expected);
    }
  });
});

describe('responses of the gateway and of HTTP itself are documented', () => {
  const responseOf = (at: string): Node => parts.responses.find((found) => found.at === at)!.node;

  test.each(parts.operations.map(({ at }) => [at]))(
    '%s: 405 with Allow, 429 and 503 with Retry-After',
    (at) => {
      expect(Object.keys(responseOf(`${at} 405`)['headers'] as Node)).toEqual(['Allow']);
      for (const status of [429, 503]) {
        const response = responseOf(`${at} ${status}`);
        expect(Object.keys(response['headers'] as Node)).toEqual(['Retry-After']);
        expect(Object.keys(response['content'] as Node).sort()).toEqual([
          'application/json',
          'application/problem+json',
        ]);
      }
    },
  );

  test('the Location of a created resource uses a property of the response and is the path of an operation', () => {
    const created = allOperations.filter(({ location }) => location !== undefined);
    expect(created.map(({ id }) => id)).toContain('createTask');
    for (const { method, path, status, location } of created) {
      const at = `${method} ${BASE_PATH}${path} ${status}`;
      expect(Object.keys(responseOf(at)['headers'] as Node)).toContain('Location');
      const body = parts.bodies.find((found) => found.at === `${at} application/json`)!.node['example'];
      const [, property] = /\{([\w.]+)\}/.exec(location!)!;
      const value = property!.split('.').reduce<unknown>((node, name) => (node as Node)[name], body);
      expect(value, at).toMatch(/^[0-9a-f-]{36}$/);
      const pattern = location!.replace(/\{.*\}/, '{');
      expect(
        allOperations.filter((other) => other.method === 'GET' && other.path.startsWith(pattern)),
      ).not.toEqual([]);
    }
  });
});
