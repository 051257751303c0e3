/** Finds every part of an OpenAPI document that a reader meets, with where it stands. */
export type Node = Readonly<Record<string, unknown>>;

export interface Found {
  /** Where it stands: `#/paths/…/get`. */
  readonly at: string;
  readonly node: Node;
}
export interface Property extends Found {
  readonly name: string;
}

export interface Parts {
  readonly operations: readonly Found[];
  readonly parameters: readonly Found[];
  readonly responses: readonly Found[];
  readonly headers: readonly Found[];
  /** JSON media types of requests and answers. */
  readonly bodies: readonly Found[];
  readonly schemas: readonly Found[];
  readonly properties: readonly Property[];
  /** Objects without a title that stand inside of another schema or a body, so that code generators must make up a name. */
  readonly anonymousModels: readonly Found[];
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const entriesOf = (value: unknown): [string, Node][] =>
  isNode(value) ? Object.entries(value).filter((entry): entry is [string, Node] => isNode(entry[1])) : [];

const SUBSCHEMAS = ['items', 'additionalProperties', 'propertyNames', 'not'];
const LISTS_OF_SUBSCHEMAS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];

/** A schema and all in it. */
function* schemasIn(at: string, node: Node): Generator<Found> {
  yield { at, node };
  for (const key of SUBSCHEMAS) if (isNode(node[key])) yield* schemasIn(`${at}/${key}`, node[key]);
  for (const key of LISTS_OF_SUBSCHEMAS) {
    if (!Array.isArray(node[key])) continue;
    for (const [index, each] of node[key].entries()) yield* schemasIn(`${at}/${key}/${index}`, each as Node);
  }
  for (const [name, property] of entriesOf(node['properties'])) {
    yield* schemasIn(`${at}/properties/${name}`, property);
  }
}

/** What has a `content`, `headers` or a schema of its own: a request body, an answer, a parameter. */
function holdersOf(document: Node): Omit<Parts, 'schemas' | 'properties' | 'anonymousModels'> {
  const operations: Found[] = [];
  const parameters: Found[] = [];
  const responses: Found[] = [];
  for (const [path, item] of entriesOf(document['paths'])) {
    for (const [method, operation] of entriesOf(item)) {
      const at = `${method.toUpperCase()} ${path}`;
      operations.push({ at, node: operation });
      for (const parameter of (operation['parameters'] ?? []) as Node[]) {
        parameters.push({
          at: `${at} ${String(parameter['in'])} ${String(parameter['name'])}`,
          node: parameter,
        });
      }
      for (const [status, node] of entriesOf(operation['responses'])) {
        responses.push({ at: `${at} ${status}`, node });
      }
    }
  }
  const headers = responses.flatMap(({ at, node }) =>
    entriesOf(node['headers']).map(([name, header]) => ({ at: `${at} ${name}`, node: header })),
  );
  const requests = operations.flatMap(({ at, node }) =>
    isNode(node['requestBody']) ? [{ at: `${at} body`, node: node['requestBody'] }] : [],
  );
  const bodies = [...requests, ...responses].flatMap(({ at, node }) =>
    entriesOf(node['content']).map(([type, media]) => ({ at: `${at} ${type}`, node: media })),
  );
  return { operations, parameters, responses, headers, bodies };
}

export function partsOf(document: Node): Parts {
  const holders = holdersOf(document);
  const components = entriesOf((document['components'] as Node | undefined)?.['schemas']).map(
    ([name, node]) => ({ at: `#${name}`, node }),
  );
  const inline = [...holders.parameters, ...holders.headers, ...holders.bodies].flatMap(({ at, node }) =>
    isNode(node['schema']) ? [{ at: `${at} schema`, node: node['schema'] }] : [],
  );
  const named = new Set(components.map(({ node }) => node));
  const schemas = [...components, ...inline].flatMap(({ at, node }) => [...schemasIn(at, node)]);
  const isObjectSchema = ({ node }: Found): boolean =>
    node['type'] === 'object' || 'properties' in node || 'additionalProperties' in node;
  return {
    ...holders,
    schemas,
    properties: schemas.flatMap(({ at, node }) =>
      entriesOf(node['properties']).map(([name, property]) => ({
        at: `${at}.${name}`,
        name,
        node: property,
      })),
    ),
    anonymousModels: schemas.filter(
      (found) => !named.has(found.node) && !('title' in found.node) && isObjectSchema(found),
    ),
  };
}
