import { FILE_KINDS, fileKinds } from './rules/file-kinds.ts';
import type { FileKind } from './rules/file-kinds.ts';

/**
 * Every bound that a client can meet, in one table: the schemas, the workers, the page of docs/api.md and the model take
 * their numbers from here. No schema is imported here, so that a browser does not load zod for a number.
 * `npm run contracts:generate` writes those that Python code names to `model/dukemm/contract/limits.py`.
 */
export interface Limit {
  readonly value: number;
  readonly unit: 'bytes' | 'characters' | 'count' | 'absolute value' | 'hours' | 'minutes' | 'days';
  /** What is bounded, as a phrase: "Description of a task". */
  readonly what: string;
}

/** One bound for each kind of file: `csvFile`, `jsonFile` … */
const fileLimits = Object.fromEntries(
  fileKinds.map((kind): [string, Limit] => [
    `${kind}File`,
    { value: FILE_KINDS[kind].maxBytes, unit: 'bytes', what: `A ${FILE_KINDS[kind].name} file` },
  ]),
) as Readonly<Record<`${FileKind}File`, Limit>>;

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
  ...fileLimits,
  pixels: { value: 50_000_000, unit: 'count', what: 'Pixels of a picture: width times height' },
  frames: { value: 1000, unit: 'count', what: 'Frames of an animation; pages of a TIFF' },
  pages: { value: 500, unit: 'count', what: 'Pages of a PDF' },
  soundHours: { value: 4, unit: 'hours', what: 'Duration of a sound' },
  soundTags: {
    value: 5 * MEBIBYTE,
    unit: 'bytes',
    what: 'Parts of a sound file that are not sound, such as a cover picture',
  },
  agentCapacity: { value: 20, unit: 'count', what: 'Tasks that an agent works on at a time' },
  agentDescription: { value: 500, unit: 'characters', what: 'Description of an agent' },
  uploadMinutes: { value: 15, unit: 'minutes', what: 'Time to send a file after it was announced' },
  reviewHours: { value: 168, unit: 'hours', what: 'Review window' },
  eventDays: { value: 7, unit: 'days', what: 'Time that events are kept for `GET /events`' },
  liveConnections: {
    value: 20,
    unit: 'count',
    what: 'Live connections of a user at a time; a further one closes the oldest',
  },
  page: { value: 100, unit: 'count', what: 'Entries of one page of a list; fewer where they are large' },
} as const satisfies Readonly<Record<string, Limit>>;

/** Largest absolute value of a number: its square is still finite (`LARGEST` in model/dukemm/media/views.py). */
export const MAX_NUMBER = LIMITS.number.value;
export const MAX_ITEMS_PER_COMPLEXITY = LIMITS.itemsPerComplexity.value;
export const MAX_EXAMPLES = LIMITS.examples.value;

/** Whole points. */
export const COMPLEXITY = { min: 1, max: 10 } as const;
/** Hours that a buyer may have for a verdict. */
export const REVIEW_HOURS = { min: 1, max: LIMITS.reviewHours.value, default: 24 } as const;
/** Satoshis that move in or out of a wallet at a time: at most one bitcoin, so that a typing error stays small. */
export const TRANSFER_SATOSHIS = { min: 1, max: 100_000_000 } as const;
/** Characters of the reason that an administrator gives. */
export const MAX_REASON = 500;
/** Most different answers of a column that are kept one by one. */
export const MAX_COLUMN_VALUES = 200;
/** Characters of the name of a family. */
export const MAX_FAMILY_NAME = 256;
/** Largest label set of a prediction: more labels say nothing, and 250 items must fit into a response of 6 MB. */
export const MAX_LABEL_SET = 20;
/** Longest label of a stored task, in characters: earlier tasks may have longer labels than `LIMITS.label`. */
export const MAX_STORED_LABEL = 200;
/** Fewest labels to choose from. */
export const MIN_LABELS = 2;
