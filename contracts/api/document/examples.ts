import type { JsonSchema } from './schemas.ts';

export type Schemas = Readonly<Record<string, JsonSchema>>;

const REF = '#/components/schemas/';

/** The schema that a `$ref` names, else the schema itself. */
export function resolved(schema: JsonSchema, schemas: Schemas): JsonSchema {
  const ref = schema['$ref'];
  if (typeof ref !== 'string') return schema;
  const target = schemas[ref.slice(REF.length)];
  if (!target) throw new Error(`The document has no schema ${ref}.`);
  return resolved(target, schemas);
}

function objectExample(schema: JsonSchema, schemas: Schemas): Record<string, unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
  return Object.fromEntries(
    properties.flatMap(([name, property]) => {
      const example = exampleOf(property, schemas);
      return example === undefined ? [] : [[name, example]];
    }),
  );
}

function arrayExample(schema: JsonSchema, schemas: Schemas): unknown[] | undefined {
  const item = exampleOf((schema['items'] ?? {}) as JsonSchema, schemas);
  if (item === undefined) return undefined;
  return Array.from({ length: Math.max(1, Number(schema['minItems'] ?? 1)) }, () => item);
}

/**
 * Builds an example value for a schema: its own example, or one composed of the examples of its parts.
 * @returns undefined if there is none
 */
export function exampleOf(schema: JsonSchema, schemas: Schemas): unknown {
  if (Array.isArray(schema['examples'])) return schema['examples'][0];
  if (typeof schema['$ref'] === 'string') return exampleOf(resolved(schema, schemas), schemas);
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  if ('default' in schema) return schema['default'];
  const options = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined;
  if (options?.[0]) return exampleOf(options[0], schemas);
  if (schema['type'] === 'boolean') return true;
  if (schema['type'] === 'array') return arrayExample(schema, schemas);
  if (schema['type'] === 'object' && 'properties' in schema) return objectExample(schema, schemas);
  return undefined;
}
