import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import type { FileKind, TableKind } from '../rules/file-kinds.ts';
import { Column } from './column.ts';
import { Sha256 } from './common.ts';
import { CsvLayout, JsonLayout } from './layout.ts';

/** For a file whose encoding cannot be determined from its bytes. */
export const EncodingGuess = z
  .strictObject({
    alternatives: z
      .array(
        z
          .strictObject({
            encoding: z.string().meta({ description: 'Name of the encoding.', example: 'shift_jis' }),
            excerpt: z.string().max(80).meta({
              description: 'The first non-ASCII words of the file, decoded with it.',
              example: '点検連番',
            }),
          })
          .meta({ id: 'EncodingAlternative', description: 'A possible encoding of the file.' }),
      )
      .max(100)
      .describe('The most likely first; the file was read with it.'),
  })
  .meta({
    id: 'EncodingGuess',
    description:
      'Present if the encoding of the file is a guess. No task accepts the file until its owner has chosen an encoding (`/files/{file_id}/encoding`).',
  });
export type EncodingGuess = z.infer<typeof EncodingGuess>;

export const IMAGE_FORMATS = ['png', 'jpeg', 'webp', 'gif', 'tiff', 'bmp'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

export const SOUND_FORMATS = ['wav', 'flac', 'ogg', 'mp3', 'm4a'] as const;
export type SoundFormat = (typeof SOUND_FORMATS)[number];

/** Metadata that pictures may contain. `location`: GPS coordinates within the EXIF data. */
export const PICTURE_METADATA = [
  'exif',
  'location',
  'xmp',
  'iptc',
  'comment',
  'text',
  'thumbnail',
  'other',
] as const;
export type PictureMetadata = (typeof PICTURE_METADATA)[number];

const Inspected = {
  encoding: z.string().meta({ description: 'The character encoding.', example: 'utf-8' }),
  sha256: Sha256.describe('SHA-256 of the bytes.'),
  encoding_guess: EncodingGuess.optional(),
};

/** The copy of a file that tasks and agents read, for kinds that are converted or stripped. */
const Copy = z
  .strictObject({
    sha256: Sha256.describe('SHA-256 of the copy.'),
    size_bytes: z.int().nonnegative().meta({ description: 'Size of the copy.', example: 48_211 }),
  })
  .meta({
    id: 'FileCopy',
    description:
      'What tasks and agents read instead of the uploaded bytes; only the owner can download those.',
  });

/** Absent in files inspected before row sizes were measured. */
const RowBytes = z
  .strictObject({
    largest: z.int().nonnegative().meta({ description: 'Size of the largest row.', example: 4120 }),
    all: z.int().nonnegative().meta({ description: 'Size of all rows together.', example: 183_220 }),
  })
  .meta({ id: 'RowBytes', description: 'Sizes of the rows as JSON, in bytes.' });

const Table = {
  row_bytes: RowBytes.optional(),
  rows: z.int().nonnegative().meta({ description: 'Number of rows, without the header.', example: 240 }),
  columns: z.array(Column).max(LIMITS.fields.value).describe('The columns, in order.'),
  blank_rows: z
    .int()
    .nonnegative()
    .optional()
    .meta({ description: 'Number of rows without any value; they are included in `rows`.', example: 0 }),
};

/** A table that the inspection wrote as CSV. */
const WrittenTable = {
  encoding: Inspected.encoding,
  sha256: Inspected.sha256,
  ...Table,
  delimiter: z
    .string()
    .length(1)
    .meta({ description: 'The character between cells of the copy.', example: ',' }),
  layout: CsvLayout.optional(),
};

/** Findings of the inspection by file kind. A kind without an entry does not compile. */
const METADATA = {
  csv: z
    .strictObject({
      file_type: z.literal('csv').describe('A table of text.'),
      ...Inspected,
      ...Table,
      delimiter: z.string().length(1).meta({ description: 'The character between cells.', example: ',' }),
      layout: CsvLayout.optional(),
    })
    .meta({ id: 'CsvMetadata', description: 'Findings of the inspection of a CSV file.' }),
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
      description: 'Findings of the inspection of a JSON document, read as a table.',
    }),
  text: z
    .strictObject({
      file_type: z.literal('text').describe('A plain text.'),
      ...Inspected,
      characters: z.int().nonnegative().meta({ description: 'Number of characters.', example: 1830 }),
      lines: z.int().nonnegative().meta({ description: 'Number of lines.', example: 52 }),
    })
    .meta({ id: 'TextMetadata', description: 'Findings of the inspection of a text file.' }),
  image: z
    .strictObject({
      file_type: z.literal('image').describe('A picture.'),
      sha256: Inspected.sha256,
      format: z.enum(IMAGE_FORMATS).meta({ description: 'The format of the picture.', example: 'jpeg' }),
      width: z.int().positive().meta({ description: 'Width in pixels, as stored.', example: 1200 }),
      height: z.int().positive().meta({ description: 'Height in pixels, as stored.', example: 800 }),
      frames: z
        .int()
        .positive()
        .meta({ description: 'Number of frames or pages; tasks read the first.', example: 1 }),
      removed: z.array(z.enum(PICTURE_METADATA)).meta({
        description: 'Kinds of metadata that the copy does not have.',
        example: ['exif', 'location'],
      }),
      copy: Copy.describe('The picture without its metadata, pixel for pixel the same.'),
    })
    .meta({ id: 'ImageMetadata', description: 'Findings of the inspection of a picture.' }),
  pdf: z
    .strictObject({
      file_type: z.literal('pdf').describe('A PDF document.'),
      sha256: Inspected.sha256,
      pages: z.int().positive().meta({ description: 'Number of pages.', example: 3 }),
      has_text: z.boolean().meta({
        description:
          'Whether pages have text. False for a scan, whose pages are pictures: tasks read what is written on the first five.',
        example: true,
      }),
    })
    .meta({ id: 'PdfMetadata', description: 'Findings of the inspection of a PDF document.' }),
  audio: z
    .strictObject({
      file_type: z.literal('audio').describe('A sound.'),
      sha256: Inspected.sha256,
      format: z.enum(SOUND_FORMATS).meta({ description: 'The format of the sound.', example: 'mp3' }),
      duration_seconds: z
        .number()
        .nonnegative()
        .meta({ description: 'Its duration, in seconds.', example: 12.48 }),
      channels: z.int().positive().meta({ description: 'Number of channels.', example: 2 }),
      sample_rate: z.int().positive().meta({ description: 'Samples a second.', example: 44_100 }),
    })
    .meta({ id: 'AudioMetadata', description: 'Findings of the inspection of a sound.' }),
  xlsx: z
    .strictObject({
      file_type: z.literal('xlsx').describe('An Excel workbook.'),
      ...WrittenTable,
      sheet: z.string().meta({ description: 'The sheet that is read as a table.', example: 'Orders' }),
      sheets: z
        .array(z.string())
        .max(200)
        .meta({ description: 'All sheets of the workbook.', example: ['Orders', 'Notes'] }),
      copy: Copy.describe('The sheet as CSV.'),
    })
    .meta({ id: 'XlsxMetadata', description: 'Findings of the inspection of an Excel workbook.' }),
  zip: z
    .strictObject({
      file_type: z.literal('zip').describe('A table, and the media that its cells name.'),
      ...WrittenTable,
      table: z.string().meta({ description: 'Path of the CSV in the archive.', example: 'labels.csv' }),
      members: z.int().nonnegative().meta({ description: 'Number of media in the archive.', example: 240 }),
      manifest: Copy.describe('The list of the media, as JSON.'),
      copy: Copy.describe('The CSV.'),
    })
    .meta({ id: 'ZipMetadata', description: 'Findings of the inspection of an archive.' }),
} satisfies { readonly [K in FileKind]: z.ZodType<{ readonly file_type: K }> };

type AnyMetadata = (typeof METADATA)[FileKind];

/** Findings of the inspection of the content; the file name is not used. */
export const FileMetadata = z
  .discriminatedUnion('file_type', Object.values(METADATA) as [AnyMetadata, ...AnyMetadata[]])
  .meta({
    id: 'FileMetadata',
    description: 'Findings of the inspection of the content; the file name is not used.',
  });
export type FileMetadata = z.infer<typeof FileMetadata>;

export type MetadataOf<K extends FileKind> = Extract<FileMetadata, { file_type: K }>;

export type TableMetadata = MetadataOf<TableKind>;
