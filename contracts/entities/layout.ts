import * as z from 'zod';

/** Layout of a CSV apart from its delimiter. If absent: RFC 4180 with the header on the first line. */
export const CsvLayout = z
  .strictObject({
    header_line: z.int().positive().meta({
      description: 'Line number of the header; lines above it (a title, `sep=;`) are not rows.',
      example: 1,
    }),
    quoting: z.enum(['doubled', 'backslash', 'none']).meta({
      description:
        'How a quote inside a quoted cell is escaped: `doubled` (`""`) or with a `backslash` (`\\"`). `none`: cells are not quoted, and a quote is an ordinary character.',
      example: 'doubled',
    }),
    space_before_quote: z
      .boolean()
      .meta({ description: 'Whether spaces may precede the opening quote of a cell.', example: false }),
    comment: z.string().length(1).optional().meta({
      description: 'Character that starts a comment line; comments are not rows.',
      example: '#',
    }),
    row_names: z.boolean().meta({
      description: 'Whether rows begin with a row name that has no cell in the header, as written by R.',
      example: false,
    }),
    quoted_columns: z
      .array(z.int().nonnegative())
      .max(500)
      .meta({
        description:
          'Zero-based indices of columns whose filled cells are all quoted; answers written there are quoted, too.',
        example: [0],
      }),
    short_rows: z.int().nonnegative().meta({
      description: 'Number of rows with fewer cells than the header; the missing cells are blank.',
      example: 0,
    }),
    long_rows: z.int().nonnegative().meta({
      description:
        'Number of rows with more cells than the header; the additional cells are in columns without a name.',
      example: 0,
    }),
  })
  .meta({
    id: 'CsvLayout',
    description:
      'Layout of a CSV apart from its delimiter. If absent: RFC 4180 with the header on the first line.',
  });
export type CsvLayout = z.infer<typeof CsvLayout>;

/** Where a JSON document has its rows. If absent: `list` or `object`, depending on the document. */
export const JsonLayout = z
  .strictObject({
    rows_in: z.enum(['list', 'object', 'lines', 'wrapped']).meta({
      description:
        '`list`: an array of objects (one row each) or of single values (one column `value`). `object`: one object, one row. ' +
        '`lines`: a sequence of objects (JSON lines). `wrapped`: an array that is a value of an object.',
      example: 'list',
    }),
    key: z
      .string()
      .max(200)
      .optional()
      .meta({ description: 'For `wrapped`: the key of the array.', example: 'data' }),
  })
  .meta({
    id: 'JsonLayout',
    description:
      'Where a JSON document has its rows. If absent: `list` or `object`, depending on the document.',
  });
export type JsonLayout = z.infer<typeof JsonLayout>;
