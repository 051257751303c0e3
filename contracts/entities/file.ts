import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { fileKinds } from '../rules/file-kinds.ts';
import type { FileKind, TableKind } from '../rules/file-kinds.ts';
import { Column, ColumnType } from './column.ts';
import { Id, Sha256, Timestamp } from './common.ts';
import { CsvLayout, JsonLayout } from './layout.ts';

export { Column, ColumnType };

export const FileType = z
  .enum(fileKinds)
  .meta({ id: 'FileType', description: 'What kind of content a file has.' });
export type FileType = z.infer<typeof FileType>;

/** Of a file whose bytes do not tell how its characters are encoded. */
export const EncodingGuess = z
  .strictObject({
    alternatives: z
      .array(
        z
          .strictObject({
            encoding: z.string().meta({ description: 'Name of the encoding.', example: 'shift_jis' }),
            excerpt: z.string().max(80).meta({
              description: 'What the first words beyond ASCII look like in it.',
              example: '点検連番',
            }),
          })
          .meta({ id: 'EncodingAlternative', description: 'An encoding that the file may have.' }),
      )
      .max(100)
      .describe('The likeliest first; it is the one the file was read in.'),
  })
  .meta({
    id: 'EncodingGuess',
    description:
      'The encoding of the file is a guess: no task takes it until its owner has chosen one (`/files/{file_id}/encoding`).',
  });
export type EncodingGuess = z.infer<typeof EncodingGuess>;

const Inspected = {
  encoding: z.string().meta({ description: 'How the characters are encoded.', example: 'utf-8' }),
  sha256: Sha256.describe('SHA-256 of the bytes.'),
  encoding_guess: EncodingGuess.optional(),
};
/** Absent in files that were inspected before rows were measured. */
const RowBytes = z
  .strictObject({
    largest: z.int().nonnegative().meta({ description: 'Bytes of the largest row.', example: 4120 }),
    all: z.int().nonnegative().meta({ description: 'Bytes of all rows together.', example: 183_220 }),
  })
  .meta({ id: 'RowBytes', description: 'How large the rows are as JSON.' });
const Table = {
  row_bytes: RowBytes.optional(),
  rows: z.int().nonnegative().meta({ description: 'Rows without the header.', example: 240 }),
  columns: z.array(Column).max(LIMITS.fields.value).describe('The columns, in their order.'),
  blank_rows: z
    .int()
    .nonnegative()
    .optional()
    .meta({ description: 'Rows without any value; they are counted among `rows`.', example: 0 }),
};

/** What the inspection of each kind finds. A kind without an entry does not compile. */
const METADATA = {
  csv: z
    .strictObject({
      file_type: z.literal('csv').describe('A table of text.'),
      ...Inspected,
      ...Table,
      delimiter: z.string().length(1).meta({ description: 'What separates the cells.', example: ',' }),
      layout: CsvLayout.optional(),
    })
    .meta({ id: 'CsvMetadata', description: 'What the inspection found in a CSV.' }),
  /** A JSON array (of objects: one row each; of scalars: one column `value`) or a single object (one row). */
  json: z
    .strictObject({
      file_type: z.literal('json').describe('A JSON document.'),
      ...Inspected,
      ...Table,
      layout: JsonLayout.optional(),
    })
    .meta({
      id: 'JsonMetadata',
      description: 'What the inspection found in a JSON document, read as a table.',
    }),
  text: z
    .strictObject({
      file_type: z.literal('text').describe('A plain text.'),
      ...Inspected,
      characters: z.int().nonnegative().meta({ description: 'How many characters.', example: 1830 }),
      lines: z.int().nonnegative().meta({ description: 'How many lines.', example: 52 }),
    })
    .meta({ id: 'TextMetadata', description: 'What the inspection found in a text.' }),
} satisfies { readonly [K in FileKind]: z.ZodType<{ readonly file_type: K }> };

type AnyMetadata = (typeof METADATA)[FileKind];

/** What the inspection found in the bytes; by content, never by name. */
export const FileMetadata = z
  .discriminatedUnion('file_type', Object.values(METADATA) as [AnyMetadata, ...AnyMetadata[]])
  .meta({
    id: 'FileMetadata',
    description: 'What the inspection found in the bytes: by content, never by name.',
  });
export type FileMetadata = z.infer<typeof FileMetadata>;
export type MetadataOf<K extends FileKind> = Extract<FileMetadata, { file_type: K }>;
export type TableMetadata = MetadataOf<TableKind>;

/** Every field of a file with what it means to a client. Which of them a file has depends on its status. */
export const FileFields = z.strictObject({
  id: Id.describe('The id of the file.'),
  owner_id: Id,
  filename: z
    .string()
    .min(1)
    .max(LIMITS.filename.value)
    .meta({ description: 'Its name, as announced.', example: 'mails.csv' }),
  content_type: z.string().meta({ description: 'Its media type, as announced.', example: 'text/csv' }),
  file_type: FileType,
  size_bytes: z.int().nonnegative().meta({ description: 'Its size in bytes.', example: 183_220 }),
  rejected_reason: z.string().max(500).meta({
    description: 'Of rejected files: what is wrong, in words.',
    example: 'Row 3 has 6,930,016 bytes; at most 2,500,000 can be used.',
  }),
  metadata: FileMetadata,
  created_at: Timestamp.describe('When it was announced.'),
  updated_at: Timestamp,
});

const base = FileFields.omit({ rejected_reason: true, metadata: true });
const { rejected_reason, metadata } = FileFields.shape;

export const File = z.discriminatedUnion('status', [
  base.extend({
    status: z.literal('pending'),
    /** The encoding that its owner chose for the bytes that were inspected before. */
    chosen: z.strictObject({ encoding: z.string(), sha256: Sha256 }).optional(),
  }),
  base.extend({ status: z.literal('ready'), metadata }),
  base.extend({ status: z.literal('rejected'), rejected_reason }),
  /** Marked by its owner's delete; turns back to ready if an unfinished task turns out to use it. */
  base.extend({ status: z.literal('deleting'), metadata }),
]);
export type File = z.infer<typeof File>;
export type ReadyFile = Extract<File, { status: 'ready' }>;
