import { parse } from 'csv-parse/sync';
import ts from 'typescript';

/** Where a row and its target stand in the text of a file. */
export interface Place {
  readonly start: number;
  readonly end: number;
  /** Undefined where the row has no target. */
  readonly target: readonly [start: number, end: number] | undefined;
  /** The target with what a row without it lacks too: the delimiter before it, its key. */
  readonly member?: readonly [start: number, end: number] | undefined;
}

export type Dialect =
  { readonly format: 'csv'; readonly delimiter: string } | { readonly format: 'json' | 'lines' };

/**
 * The rows of a file and their targets, found without the product's own readers: records of a CSV by RFC 4180, values of a
 * JSON with TypeScript's parser.
 */
export function placesOf(text: string, target: string, dialect: Dialect): Place[] {
  switch (dialect.format) {
    case 'csv':
      return csvPlaces(text, target, dialect.delimiter);
    case 'json':
      return jsonPlaces(text, target);
    case 'lines':
      return linePlaces(text, target);
  }
}

/** The text with other targets; `replace` returns undefined if one stays. */
export function withTargets(
  text: string,
  places: readonly Place[],
  replace: (row: number, target: string) => string | undefined,
): string {
  const pieces: string[] = [];
  let at = 0;
  places.forEach(({ target }, row) => {
    if (!target) return;
    const replaced = replace(row, text.slice(...target));
    if (replaced === undefined) return;
    pieces.push(text.slice(at, target[0]), replaced);
    at = target[1];
  });
  return pieces.join('') + text.slice(at);
}

/** The file with its first rows only. */
export const firstRows = (text: string, places: readonly Place[], count: number): string =>
  places.length <= count ? text : text.slice(0, places[count - 1]!.end) + text.slice(places.at(-1)!.end);

function csvPlaces(text: string, target: string, delimiter: string): Place[] {
  const records: (readonly [number, number])[][] = [];
  let cells: (readonly [number, number])[] = [];
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  for (let at = start, quoted = false; at <= text.length; at += 1) {
    const unit = text[at];
    if (unit === '"' && (quoted || at === start)) quoted = !quoted;
    else if (unit === '"' && text[at - 1] === '"') quoted = true;
    if (quoted && at < text.length) continue;
    if (unit !== delimiter && unit !== '\n' && unit !== '\r' && unit !== undefined) continue;
    cells.push([start, at]);
    if (unit !== delimiter) {
      if (cells.length > 1 || at > start) records.push(cells);
      cells = [];
      if (unit === '\r' && text[at + 1] === '\n') at += 1;
    }
    start = at + 1;
  }
  const [header = [], ...rows] = records;
  const names = parse(text.slice(header[0]![0], header.at(-1)![1]), {
    delimiter,
    relax_quotes: true,
  })[0] as string[];
  const column = names.findIndex((name) => name.trim() === target);
  if (column < 0) throw new Error(`there is no column "${target}" among ${names.join(', ')}`);
  return rows.map((row) => {
    const [before, target] = [row[column - 1], row[column]];
    const member = before && target && ([before[1], target[1]] as const);
    return { start: row[0]![0], end: row.at(-1)![1], target, member };
  });
}

function jsonPlaces(text: string, target: string): Place[] {
  const source = ts.parseJsonText('table.json', text);
  const list = listIn(source.statements[0]!.expression);
  if (!list) throw new Error('there is no list of objects');
  return list.elements.map((element) => {
    const start = element.getStart(source);
    const members = ts.isObjectLiteralExpression(element)
      ? element.properties.filter(ts.isPropertyAssignment)
      : [];
    const at = members.findIndex(({ name }) => ts.isStringLiteral(name) && name.text === target);
    const member = members[at];
    return {
      start,
      end: element.end,
      target: member && [member.initializer.getStart(source), member.end],
      member: member && [members[at - 1]?.end ?? start + 1, member.end],
    };
  });
}

/** The document itself where it is a list, else the first list in it. */
function listIn(node: ts.Expression): ts.ArrayLiteralExpression | undefined {
  if (ts.isArrayLiteralExpression(node)) return node;
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  return node.properties
    .filter(ts.isPropertyAssignment)
    .map(({ initializer }) => initializer)
    .find(ts.isArrayLiteralExpression);
}

function linePlaces(text: string, target: string): Place[] {
  return [...text.matchAll(/[^\r\n]+/g)].map(({ 0: line, index }) => {
    const [place] = jsonPlaces(`[${line}]`, target);
    const moved = (span: Place['target']) => span && ([span[0] + index - 1, span[1] + index - 1] as const);
    return {
      start: index,
      end: index + line.length,
      target: moved(place?.target),
      member: moved(place?.member),
    };
  });
}
