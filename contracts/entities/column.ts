import * as z from 'zod';
import { MAX_DECIMALS } from '../values/rounded.ts';

export const ColumnType = z.enum(['integer', 'number', 'boolean', 'date', 'text', 'empty']);
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
    prefix: z.string().max(12).optional().describe('What stands before every number, such as "$" or "CHF "'),
    suffix: z
      .string()
      .max(24)
      .optional()
      .describe('What stands behind every number, such as " €", " %" or " kg"'),
    decimals: z.int().min(0).max(MAX_DECIMALS).describe('Most digits after the decimal separator'),
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
  .meta({ id: 'NumberForm', example: { decimal: ',', group: '.', suffix: ' €', decimals: 2, fixed: true } });
export type NumberForm = z.infer<typeof NumberForm>;

const CellText = z.string().max(80);

/** One column of a table: `filled` cells are neither left out nor blank nor one of `missing`. */
export const Column = z.strictObject({
  name: z.string().max(200),
  type: ColumnType,
  filled: z.int().nonnegative(),
  values: z
    .array(CellText)
    .max(200)
    .optional()
    .describe(
      'All distinct filled values where there are at most 200 of at most 80 characters, sorted; else absent',
    ),
  form: NumberForm.optional().describe('Of a column of numbers: how they are written'),
  min: z.number().optional().describe('Of a column of numbers: the smallest'),
  max: z.number().optional().describe('Of a column of numbers: the largest'),
  missing: z
    .array(CellText)
    .max(20)
    .optional()
    .describe('Texts that count as a blank cell in this column, such as "NA"')
    .meta({ example: ['NA', '-'] }),
  look_missing: z
    .array(z.strictObject({ text: CellText, count: z.int().positive() }))
    .max(20)
    .optional()
    .describe(
      'Every text of this column that often stands for a missing value, with the number of its cells',
    ),
  sample: CellText.optional().describe('The beginning of the first filled cell, where `values` is absent'),
  not_number: z
    .strictObject({ row: z.int().positive(), text: CellText })
    .optional()
    .describe('Of a column that is not one of numbers: the first cell that cannot be read as one'),
});
export type Column = z.infer<typeof Column>;
