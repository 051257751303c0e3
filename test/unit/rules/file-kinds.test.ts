import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Column } from '../../../contracts/entities/column.ts';
import { FileMetadata } from '../../../contracts/entities/file-metadata.ts';
import type { TableMetadata } from '../../../contracts/entities/file-metadata.ts';
import {
  FILE_KINDS,
  FILE_ENDINGS,
  fileKinds,
  isTable,
  KIND_OF_MEDIA_TYPE,
  kindOfName,
  maxBytesOf,
  mediaTypeOfName,
  mediaTypes,
  sizeLimits,
} from '../../../contracts/rules/file-kinds.ts';
import { LIMITS } from '../../../contracts/limits.ts';

describe('the kinds of file', () => {
  it('share no media type and no extension', () => {
    const all = fileKinds.flatMap((kind) => FILE_KINDS[kind].mediaTypes as readonly string[]);
    expect(new Set(all).size).toBe(all.length);
    expect(mediaTypes).toEqual(all);
    expect(new Set(FILE_ENDINGS).size).toBe(
      fileKinds.flatMap((kind) => Object.keys(FILE_KINDS[kind].endings)).length,
    );
  });

  it('have the limit of their media type; an unknown type has none', () => {
    expect(maxBytesOf('text/csv')).toBe(FILE_KINDS[KIND_OF_MEDIA_TYPE['text/csv']].maxBytes);
    expect(maxBytesOf('application/x-unknown')).toBeUndefined();
    expect(maxBytesOf('constructor')).toBeUndefined();
  });

  it('are recognised by the extension of a name, in any case', () => {
    expect(kindOfName('Mails.CSV')).toBe('csv');
    expect(mediaTypeOfName('a.b.ndjson')).toBe('application/jsonl');
    expect(kindOfName('constructor')).toBeUndefined();
    expect(kindOfName('a.constructor')).toBeUndefined();
    expect(kindOfName('picture.avif')).toBeUndefined();
  });

  it('each have a limit in the limits of the API', () => {
    expect(fileKinds.map((kind) => LIMITS[`${kind}File`].value)).toEqual(
      fileKinds.map((kind) => FILE_KINDS[kind].maxBytes),
    );
    expect(sizeLimits(' up to ')).toMatch(/^CSV up to 100 MB, JSON up to 50 MB, text up to 25 MB, /);
  });

  it('are tables if their entry says so, and then have columns in their metadata', () => {
    const inspected = { encoding: 'utf-8', sha256: 'a'.repeat(64), rows: 1, columns: [] };
    expect(isTable(FileMetadata.parse({ file_type: 'json', ...inspected }))).toBe(true);
    expect(isTable({ file_type: 'text' })).toBe(false);
    expectTypeOf<TableMetadata['columns']>().toEqualTypeOf<Column[]>();
    expectTypeOf<TableMetadata['file_type']>().toEqualTypeOf<'csv' | 'json' | 'xlsx' | 'zip'>();
    expectTypeOf<Parameters<typeof isTable>[0]['file_type']>().toEqualTypeOf<keyof typeof FILE_KINDS>();
  });
});
