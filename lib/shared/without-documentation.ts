import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import ts from 'typescript';

/** Methods of a schema that document it and do not change what it parses. */
const DOCUMENTING = new Set(['meta', 'describe']);
/** Properties of an operation that document it, in the arguments of `operations`. */
const DOCUMENTING_FIELDS = new Set(['summary', 'description', 'answer']);
const PREFIX = /^(?:contracts|.*[\\/]contracts)[\\/]/;

const isOperation = (node: ts.Node): boolean =>
  ts.isPropertyAssignment(node) &&
  ts.isObjectLiteralExpression(node.parent) &&
  ts.isCallExpression(node.parent.parent) &&
  node.parent.parent.expression.getText() === 'operations';

const documentsOperation = (node: ts.Node): boolean =>
  ts.isPropertyAssignment(node) &&
  ts.isObjectLiteralExpression(node.parent) &&
  isOperation(node.parent.parent) &&
  DOCUMENTING_FIELDS.has(node.name.getText());

/** Source of a contract without `.meta({ … })` and `.describe('…')` on its schemas, and without the documentation of its operations. */
export function withoutDocumentation(path: string, source: string): string {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);
  const removed: { start: number; end: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      DOCUMENTING.has(node.expression.name.text) &&
      node.arguments.length === 1
    ) {
      removed.push({ start: node.expression.expression.end, end: node.end });
      visit(node.expression.expression);
      return;
    }
    if (documentsOperation(node)) {
      const comma = source.slice(node.end).match(/^\s*,/)?.[0].length ?? 0;
      removed.push({ start: node.getStart(), end: node.end + comma });
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  // From the end, so that earlier positions remain valid.
  return removed
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end }) => text.slice(0, start) + text.slice(end), source);
}

/** The two modules of zod that write JSON Schemas: 19 KB. */
const JSON_SCHEMA_WRITERS = /[\\/]zod[\\/]v4[\\/]core[\\/](?:to-json-schema|json-schema-processors)\.js$/;
const EXPORTED = /^export (?:(?:const|function) (\w+)|\{ \w+ as (\w+) \})/gm;

/** A module with the same exports, each of which throws when a JSON Schema is requested. */
export function withoutJsonSchemas(source: string): string {
  const names = [...source.matchAll(EXPORTED)].map(([, declared, renamed]) => declared ?? renamed!);
  // `create…Method` is called when a schema is created; its result is called when the JSON Schema is written.
  const stubs = names.map(
    (name) => `export const ${name} = ${name.startsWith('create') ? '() => absent' : 'absent'};`,
  );
  return [
    "const absent = () => { throw new Error('This function is bundled without JSON Schemas.'); };",
    ...stubs,
  ].join('\n');
}

/**
 * Strips documentation from contracts and JSON Schema generation from zod, for every function except the one that
 * serves the API document.
 */
export const undocumentedContracts: Plugin = {
  name: 'contracts-without-documentation',
  setup: (esbuild) => {
    esbuild.onLoad({ filter: JSON_SCHEMA_WRITERS }, ({ path }) => ({
      loader: 'js',
      contents: withoutJsonSchemas(readFileSync(path, 'utf8')),
    }));
    esbuild.onLoad({ filter: PREFIX }, ({ path }) =>
      path.endsWith('.ts')
        ? { loader: 'ts', contents: withoutDocumentation(path, readFileSync(path, 'utf8')) }
        : undefined,
    );
  },
};
