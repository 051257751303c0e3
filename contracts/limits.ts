/**
 * Every bound that a client can meet, in one table: the schemas, the workers, the page of docs/api.md and the model take
 * their numbers from here. This file imports nothing, so that a browser does not load the schemas for them.
 * `model/dukemm/limits.py` mirrors what the model checks too; `test/contract/limits.json` keeps the two equal.
 */
export interface Limit {
  readonly value: number;
  readonly unit: 'bytes' | 'characters' | 'count' | 'absolute value' | 'hours' | 'minutes';
  /** What is bounded, as a phrase: "Description of a task". */
  readonly what: string;
}

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

/** Characters are Unicode code points; bytes of items are those of their JSON. */
export const LIMITS = {
  number: {
    value: 1e100,
    unit: 'absolute value',
    what: 'Any number: in fields, cells, examples and corrections',
  },
  body: { value: MEBIBYTE, unit: 'bytes', what: 'Body of a request' },
  description: { value: 4000, unit: 'characters', what: 'Description of a task' },
  labels: { value: 200, unit: 'count', what: 'Labels of a task' },
  label: { value: 80, unit: 'characters', what: 'A label' },
  fieldName: { value: 200, unit: 'characters', what: 'Name of a field, a medium, a column or a target' },
  fields: { value: 500, unit: 'count', what: 'Fields of an item; columns of a table' },
  cell: { value: 1_000_000, unit: 'characters', what: 'Text in a field or a cell' },
  itemId: { value: 256, unit: 'characters', what: 'Id of an item' },
  item: { value: 2_500_000, unit: 'bytes', what: 'An item or example: all its fields together' },
  itemsPerComplexity: { value: 250, unit: 'count', what: 'Items per point of complexity' },
  items: { value: 2500, unit: 'count', what: 'Items of a task' },
  examples: { value: 2000, unit: 'count', what: 'Examples of a task' },
  examplesTogether: { value: 64 * MEBIBYTE, unit: 'bytes', what: 'Examples of a task together' },
  answer: {
    value: 100_000,
    unit: 'characters',
    what: 'An answer: of an example, a correction or a prediction',
  },
  reason: { value: 2000, unit: 'characters', what: 'Reason of a correction' },
  comment: { value: 4000, unit: 'characters', what: 'Comment of a verdict' },
  filesOfTask: {
    value: 500,
    unit: 'count',
    what: 'Files of a task: attached and named by items and examples, together',
  },
  tablesTogether: { value: 200 * MEBIBYTE, unit: 'bytes', what: 'Tables of a task together' },
  filename: { value: 255, unit: 'characters', what: 'Name of a file' },
  contentType: { value: 255, unit: 'characters', what: 'Media type of a file, with its parameters' },
  csvFile: { value: 100 * MEBIBYTE, unit: 'bytes', what: 'A CSV file' },
  jsonFile: { value: 50 * MEBIBYTE, unit: 'bytes', what: 'A JSON file' },
  textFile: { value: 25 * MEBIBYTE, unit: 'bytes', what: 'A text file' },
  uploadMinutes: { value: 15, unit: 'minutes', what: 'Time to send a file after it was announced' },
  reviewHours: { value: 168, unit: 'hours', what: 'Review window' },
  page: { value: 100, unit: 'count', what: 'Entries of one page of a list; fewer where they are large' },
} as const satisfies Readonly<Record<string, Limit>>;

/** Largest absolute value of a number: its square is still finite (`LARGEST` in model/dukemm/features/item.py). */
export const MAX_NUMBER = LIMITS.number.value;
export const MAX_ITEMS_PER_COMPLEXITY = LIMITS.itemsPerComplexity.value;
export const MAX_EXAMPLES = LIMITS.examples.value;
