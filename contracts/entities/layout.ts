import * as z from 'zod';

/** How a CSV is laid out, beside its delimiter. Absent: RFC 4180 with the header on the first line. */
export const CsvLayout = z
  .strictObject({
    header_line: z.int().positive().meta({
      description: 'Line of the header; those above it (a title, `sep=;`) are no rows.',
      example: 1,
    }),
    quoting: z.enum(['doubled', 'backslash', 'none']).meta({
      description:
        'How a quote inside a quoted cell is written: `""`, `\\"`, or not at all, where a quote is a character like any other.',
      example: 'doubled',
    }),
    space_before_quote: z
      .boolean()
      .meta({ description: 'Whether spaces may stand before the opening quote of a cell.', example: false }),
    comment: z.string().length(1).optional().meta({
      description: 'Character that a comment line begins with; comments are no rows.',
      example: '#',
    }),
    row_names: z.boolean().meta({
      description: 'Whether rows begin with a name that the header has no cell for, as R writes them.',
      example: false,
    }),
    quoted_columns: z
      .array(z.int().nonnegative())
      .max(500)
      .meta({
        description:
          'Positions of the columns whose filled cells are all quoted; so is an answer written there.',
        example: [0],
      }),
    short_rows: z.int().nonnegative().meta({
      description: 'Rows with fewer cells than the header; the missing ones are blank.',
      example: 0,
    }),
    long_rows: z.int().nonnegative().meta({
      description: 'Rows with more cells than the header; the additional ones are columns without a name.',
      example: 0,
    }),
  })
  .meta({
    id: 'CsvLayout',
    description:
      'How a CSV is laid out beside its delimiter. Absent: RFC 4180 with the header on the first line.',
  });
export type CsvLayout = z.infer<typeof CsvLayout>;

/** Where the rows of a JSON document are. Absent: `list` or `object`, whichever the document is. */
export const JsonLayout = z
  .strictObject({
    rows_in: z.enum(['list', 'object', 'lines', 'wrapped']).meta({
      description:
        '`list`: an array of objects, one row each, or of single values, one column `value`. `object`: one object, one row. ' +
        '`lines`: one object after the other (JSON lines). `wrapped`: an array that is a value of an object.',
      example: 'list',
    }),
    key: z
      .string()
      .max(200)
      .optional()
      .meta({ description: 'Key of the array, where it is wrapped.', example: 'data' }),
  })
  .meta({
    id: 'JsonLayout',
    description:
      'Where the rows of a JSON document are. Absent: `list` or `object`, whichever the document is.',
  });
export type JsonLayout = z.infer<typeof JsonLayout>;
