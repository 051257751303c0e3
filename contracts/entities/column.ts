import * as z from 'zod';
import { MAX_COLUMN_VALUES } from '../limits.ts';
import { MAX_DECIMALS } from '../values/rounded.ts';

export const ColumnType = z
  .enum(['integer', 'number', 'boolean', 'date', 'text', 'empty'])
  .meta({ id: 'ColumnType', description: 'The type of the filled cells of a column.' });
export type ColumnType = z.infer<typeof ColumnType>;

/** Number format of a column, used to parse its cells and to write answers in the same format. */
export const NumberForm = z
  .strictObject({
    decimal: z.enum(['.', ',']).describe('The decimal separator'),
    group: z
      .enum(['.', ',', ' ', '\u00a0', '\u2009', '\u202f', "'", '’'])
      .optional()
      .describe('The thousands separator, if one is used'),
    indian: z.literal(true).optional().describe('Groups of two digits above the thousands: 12,34,567'),
    prefix: z
      .string()
      .max(12)
      .optional()
      .meta({ description: 'Text before every number, such as "$" or "CHF "', example: '$' }),
    suffix: z
      .string()
      .max(24)
      .optional()
      .meta({ description: 'Text after every number, such as " €", " %" or " kg"', example: ' €' }),
    decimals: z
      .int()
      .min(0)
      .max(MAX_DECIMALS)
      .meta({ description: 'Maximum number of digits after the decimal separator', example: 2 }),
    fixed: z
      .literal(true)
      .optional()
      .describe('Every number has exactly that many digits after the separator'),
    plus: z.literal(true).optional().describe('Positive numbers have a plus sign'),
    negative: z
      .enum(['−', '–', '()', 'behind'])
      .optional()
      .describe(
        'How negative numbers are marked, if not by a leading hyphen: another minus sign, parentheses, or a trailing sign (`behind`)',
      ),
    assumed: z
      .literal(true)
      .optional()
      .describe('The separator is ambiguous ("1,234" could mean 1.234); the more likely reading was taken'),
  })
  .meta({
    id: 'NumberForm',
    description: 'How the numbers of a column are written.',
    example: { decimal: ',', group: '.', suffix: ' €', decimals: 2, fixed: true },
  });
export type NumberForm = z.infer<typeof NumberForm>;

const CellText = z.string().max(80).meta({ example: 'NA' });

const LooksMissing = z
  .strictObject({
    text: CellText.describe('The text.'),
    count: z.int().positive().meta({ description: 'Number of cells with this text.', example: 12 }),
  })
  .meta({ id: 'LooksMissing', description: 'A text that may stand for a missing value.' });
const NotNumber = z
  .strictObject({
    row: z.int().positive().meta({ description: 'The row number, starting at 1.', example: 7 }),
    text: CellText.meta({ description: 'The text of the cell.', example: 'see below' }),
  })
  .meta({ id: 'NotNumber', description: 'A cell that cannot be read as a number.' });

/** One column of a table. A cell is `filled` if it is neither absent nor blank nor one of `missing`. */
export const Column = z
  .strictObject({
    name: z.string().max(200).meta({ description: 'The header of the column.', example: 'label' }),
    type: ColumnType,
    filled: z
      .int()
      .nonnegative()
      .meta({ description: 'Number of rows with a value, that is neither missing nor blank.', example: 40 }),
    values: z
      .array(CellText)
      .max(MAX_COLUMN_VALUES)
      .optional()
      .meta({
        description:
          'All distinct filled values, sorted; absent if there are more than 200 or one has more than 80 characters',
        example: ['ham', 'spam'],
      }),
    form: NumberForm.optional().describe('For a column of numbers: the number format'),
    min: z.number().optional().meta({ description: 'For a column of numbers: the smallest', example: 0 }),
    max: z.number().optional().meta({ description: 'For a column of numbers: the largest', example: 99.5 }),
    missing: z
      .array(CellText)
      .max(20)
      .optional()
      .meta({
        description: 'Texts that count as a blank cell in this column, such as "NA"',
        example: ['NA', '-'],
      }),
    look_missing: z
      .array(LooksMissing)
      .max(20)
      .optional()
      .describe('All texts of this column that commonly mean a missing value, with the number of cells'),
    sample: CellText.optional().meta({
      description: 'The beginning of the first filled cell, if `values` is absent',
      example: 'Dear all, the minutes of',
    }),
    names_files: z
      .array(z.int().positive())
      .max(MAX_COLUMN_VALUES)
      .optional()
      .meta({
        description:
          'For a column whose cells all look like file names: the first row of each of `values`; empty if `values` is absent',
        example: [1, 2],
      }),
    not_number: NotNumber.optional().describe(
      'For a column that is not numeric: the first cell that cannot be read as a number',
    ),
  })
  .meta({ id: 'Column', description: 'One column of a table.' });
export type Column = z.infer<typeof Column>;
