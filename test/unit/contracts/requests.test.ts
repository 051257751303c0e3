import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { allOperations } from '../../../contracts/api/routes.ts';

interface Place {
  readonly path: string;
  readonly schema: z.core.$ZodType;
}

/** Every schema of strings inside a schema, with where it stands. Fails on a kind of schema that it does not know. */
function* stringsIn(schema: z.core.$ZodType, path: string): Generator<Place> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
      yield { path, schema };
      return;
    case 'object':
      for (const [name, inner] of Object.entries(def.shape)) yield* stringsIn(inner, `${path}.${name}`);
      return;
    case 'array':
      yield* stringsIn(def.element, `${path}[]`);
      return;
    case 'record':
      yield* stringsIn(def.keyType, `${path}{name}`);
      yield* stringsIn(def.valueType, `${path}{}`);
      return;
    case 'union':
      for (const option of def.options) yield* stringsIn(option, path);
      return;
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
      yield* stringsIn(def.innerType, path);
      return;
    case 'pipe':
      // A preprocessing step or a transformation: the schema is on one side of it.
      if (def.in._zod.def.type !== 'transform') yield* stringsIn(def.in, path);
      if (def.out._zod.def.type !== 'transform') yield* stringsIn(def.out, path);
      return;
    case 'number':
    case 'boolean':
    case 'null':
    case 'enum':
    case 'literal':
      return;
    default:
      throw new Error(
        `${path}: a request has a schema of type ${def.type}, which this test cannot look into`,
      );
  }
}

const places = allOperations.flatMap((operation) =>
  (['params', 'query', 'body'] as const).flatMap((part) => {
    const schema = operation[part];
    return schema ? [...stringsIn(schema, `${operation.id}.${part}`)] : [];
  }),
);

const passes = (schema: z.core.$ZodType, text: string): boolean => z.safeParse(schema, text).success;

describe('every string of a request', () => {
  it('is found', () => {
    expect(places.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'createTask.body.description',
        'createTask.body.items[].fields{name}',
        'createTask.body.items[].fields{}',
        'createTask.body.examples[].expected',
        'giveFeedback.body.corrections[].reason',
        'register.body.full_name',
        'uploadFile.body.filename',
        'listTasks.query.cursor',
      ]),
    );
  });

  it.each(places)('$path rejects half a surrogate pair', ({ schema }) => {
    for (const text of ['\ud800', 'aA1\udc00aaaaaaaaaaaa', 'Aa1aaaaaaaaaaaaa\ud83d']) {
      expect(passes(schema, text)).toBe(false);
    }
  });

  it.each(places)('$path rejects NUL', ({ schema }) => {
    expect(passes(schema, '\0')).toBe(false);
    expect(passes(schema, 'Aa1aaaaaaaaaaaaa\0')).toBe(false);
  });

  it.each(places)('$path has a maximum length', ({ schema }) => {
    expect(passes(schema, `Aa1${'a'.repeat(1_100_000)}`)).toBe(false);
  });
});
