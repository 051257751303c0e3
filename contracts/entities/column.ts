import * as z from 'zod';
import { MAX_COLUMN_VALUES } from '../limits.ts';
import { MAX_DECIMALS } from '../values/rounded.ts';

export const ColumnType = z
  .enum(['integer', 'number', 'boolean', 'date', 'text', 'empty'])
  .meta({ id: 'ColumnType', description: 'What the filled cells of a column are.' });
export type ColumnType = z.infer<typeof ColumnType>;

/** How the numbers of a column are written: read with it, they are numbers; answers are written back with it. */
export const NumberForm = z
  .strictObject({
    decimal: z.enum(['.', ',']).describe('The decimal separator'),
    group: z
      .enum(['.', ',', ' ', '\u00a0', '\u2009', '\u202f', "'", '’'])
      .optional()
      .describe('The separator of thousands, where one is used'),
    indian: z.literal(true).optional().describe('Groups of two digits above the thousands: 12,34,567'),
    prefix: z
      .string()
      .max(12)
      .optional()
      .meta({ description: 'What stands before every number, such as "$" or "CHF "', example: '$' }),
    suffix: z
      .string()
      .max(24)
      .optional()
      .meta({ description: 'What stands behind every number, such as " €", " %" or " kg"', example: ' €' }),
    decimals: z
      .int()
      .min(0)
      .max(MAX_DECIMALS)
      .meta({ description: 'Most digits after the decimal separator', example: 2 }),
    fixed: z.literal(true).optional().describe('Every number has that many digits after the separator'),
    plus: z.literal(true).optional().describe('Positive numbers carry a plus sign'),
    negative: z
      .enum(['−', '–', '()', 'behind'])
      .optional()
      .describe(
        'How negative numbers are marked where not by a hyphen before: another sign, brackets, a sign behind',
      ),
    assumed: z
      .literal(true)
      .optional()
      .describe(
        'The separator could also be read the other way ("1,234" as 1.234): the likelier reading was taken',
      ),
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
    count: z.int().positive().meta({ description: 'The number of its cells.', example: 12 }),
  })
  .meta({ id: 'LooksMissing', description: 'A text that may stand for a missing value.' });
const NotNumber = z
  .strictObject({
    row: z.int().positive().meta({ description: 'The row, from 1.', example: 7 }),
    text: CellText.meta({ description: 'What stands in it.', example: 'see below' }),
  })
  .meta({ id: 'NotNumber', description: 'A cell that cannot be read as a number.' });

/** One column of a table: `filled` cells are neither left out nor blank nor one of `missing`. */
export const Column = z
  .strictObject({
    name: z.string().max(200).meta({ description: 'The header of the column.', example: 'label' }),
    type: ColumnType,
    filled: z
      .int()
      .nonnegative()
      .meta({ description: 'How many rows have a value here: neither missing nor blank.', example: 40 }),
    values: z
      .array(CellText)
      .max(MAX_COLUMN_VALUES)
      .optional()
      .meta({
        description:
          'All distinct filled values where there are at most 200 of at most 80 characters, sorted; else absent',
        example: ['ham', 'spam'],
      }),
    form: NumberForm.optional().describe('Of a column of numbers: how they are written'),
    min: z.number().optional().meta({ description: 'Of a column of numbers: the smallest', example: 0 }),
    max: z.number().optional().meta({ description: 'Of a column of numbers: the largest', example: 99.5 }),
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
      .describe(
        'Every text of this column that often stands for a missing value, with the number of its cells',
      ),
    sample: CellText.optional().meta({
      description: 'The beginning of the first filled cell, where `values` is absent',
      example: 'Dear all, the minutes of',
    }),
    names_files: z
      .array(z.int().positive())
      .max(MAX_COLUMN_VALUES)
      .optional()
      .meta({
        description:
          'Of a column whose cells all look like names of files: the first row of each of `values`; empty where those are absent',
        example: [1, 2],
      }),
    not_number: NotNumber.optional().describe(
      'Of a column that is not one of numbers: the first cell that cannot be read as one',
    ),
  })
  .meta({ id: 'Column', description: 'One column of a table.' });
export type Column = z.infer<typeof Column>;
