/** A JSON Schema of the generated document, as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys whose values are data, not schemas. */
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const', 'required']);

/**
 * Whether Python's `re` can parse the pattern: it supports neither Unicode classes, nor code points in braces, nor named
 * groups of this form. Other patterns are dropped from the document and only described; the service still checks them.
 */
const isPortablePattern = (pattern: string): boolean => !/\\[pPu]\{|\(\?<\w/.test(pattern);

/** `[number, number]` as an array of two numbers: code generators stop at `items: false`. */
function withoutTuple(schema: Record<string, unknown>): Record<string, unknown> {
  const { prefixItems, ...rest } = schema;
  if (!Array.isArray(prefixItems)) return schema;
  const kinds = [...new Map(prefixItems.map((item) => [JSON.stringify(item), item as JsonSchema])).values()];
  return {
    ...rest,
    items: kinds.length === 1 ? kinds[0] : { anyOf: kinds },
    minItems: prefixItems.length,
    maxItems: prefixItems.length,
  };
}

/** Moves description and examples of `X` up to `X or null`, where tools show them. */
function withDescriptionOfNullable(schema: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(schema['anyOf'])) return schema;
  const options = schema['anyOf'] as Record<string, unknown>[];
  const [option, ...others] = options.filter(({ type }) => type !== 'null');
  if (!option || others.length > 0 || options.length !== 2) return schema;
  const { description, examples, ...bare } = option;
  const annotations = {
    ...(description !== undefined && { description }),
    ...(examples !== undefined && { examples }),
  };
  return { ...annotations, ...schema, anyOf: options.map((each) => (each === option ? bare : each)) };
}

/** OpenAPI 3.1 deprecates `example` in schemas for JSON Schema's `examples`. */
function withExamples(schema: Record<string, unknown>): Record<string, unknown> {
  if (!('example' in schema)) return schema;
  const { example, ...rest } = schema;
  return { ...rest, examples: [example] };
}

function portableSchema(schema: Record<string, unknown>): JsonSchema {
  const inner: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'pattern' && !isPortablePattern(String(value))) continue;
    else if (DATA.has(key)) inner[key] = value;
    else if (key === 'properties' && isObject(value)) {
      inner[key] = Object.fromEntries(
        Object.entries(value).map(([name, property]) => [name, portable(property)]),
      );
    } else inner[key] = portable(value);
  }
  return withDescriptionOfNullable(withExamples(withoutTuple(inner)));
}

/** Rewrites a schema recursively to the subset of JSON Schema that code generators and fuzzers understand. */
export function portable(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(portable);
  return isObject(schema) ? portableSchema(schema) : schema;
}
