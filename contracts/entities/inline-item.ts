import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { Name } from '../text.ts';
import { Answer, FieldName, Fields, Id, recordOf } from './common.ts';

export const Label = Name({ max: LIMITS.label.value, trim: true }).meta({ example: 'spam' });

/** Media of an item by field name: id of an uploaded file. */
const ItemFiles = recordOf(FieldName, Id, LIMITS.fields.value).meta({
  id: 'ItemFiles',
  description: 'Media of an item: field name to the id of an uploaded file.',
  example: { picture: '019ab5e0-6d1c-7c3a-9f54-2b7e1d0c8a11' },
});

export const InlineItem = z
  .strictObject({
    id: Name({ max: LIMITS.itemId.value }).optional().meta({
      description:
        'Your id for the item, unique in the task. If omitted, items get `item:1`, `item:2` and so on.',
      example: 'mail-17',
    }),
    fields: Fields.optional(),
    files: ItemFiles.optional(),
  })
  .meta({
    id: 'InlineItem',
    description: 'One item to answer.',
    example: { id: 'mail-17', fields: { subject: 'You have won' } },
  });

export const InlineExample = z
  .strictObject({
    fields: Fields.optional(),
    files: ItemFiles.optional(),
    expected: Answer.meta({ description: 'The correct answer.', example: 'spam' }),
  })
  .meta({
    id: 'InlineExample',
    description: 'An item with its correct answer.',
    example: { fields: { subject: 'Cheap watches' }, expected: 'spam' },
  });
export type InlineItem = z.infer<typeof InlineItem>;
export type InlineExample = z.infer<typeof InlineExample>;

/** The inline items and examples, stored in S3 beside the task. */
export const TaskInputs = z.strictObject({
  items: z.array(InlineItem),
  examples: z.array(InlineExample),
});
export type TaskInputs = z.infer<typeof TaskInputs>;
