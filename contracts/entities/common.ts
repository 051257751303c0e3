import * as z from 'zod';
import { DUKE_MM, DUKE_MM_ID } from '../duke-mm.ts';
import { LIMITS, MAX_NUMBER } from '../limits.ts';
import { Name, Text } from '../text.ts';

export { DUKE_MM, DUKE_MM_ID };

export const Id = z.uuid().meta({ example: '019ab5e0-6d1c-7c3a-9f54-2b7e1d0c8a11' });
/** ISO 8601, UTC, milliseconds, `Z`. */
export const Timestamp = z.iso.datetime().meta({ example: '2026-03-01T09:30:00.000Z' });
/** The maximum supply of bitcoin in satoshis, below the 9 × 10¹⁵ up to which JavaScript integers are exact. */
export const MAX_SATOSHIS = 2_100_000_000_000_000;
/** Whole satoshis. */
export const Satoshis = z.int().nonnegative().max(MAX_SATOSHIS).meta({ example: 100_000 });
/** Ten-thousandths: 20,000 bp = 2.0. */
export const BasisPoints = z.int().min(0).max(100_000).meta({ example: 10_000 });
export const Probability = z.number().min(0).max(1).meta({ example: 0.93 });
/** Lower-case hex SHA-256. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' });
/** Version of the model: '1', '2', … */
export const ModelVersion = z
  .string()
  .regex(/^[1-9][0-9]{0,8}$/)
  .meta({ example: '3' });

/** A number that the model can process: larger ones overflow when squared, and JSON has no infinity. */
export const BoundedNumber = z.number().min(-MAX_NUMBER).max(MAX_NUMBER);
const NUMBERS = `a number between -${MAX_NUMBER} and ${MAX_NUMBER}`;
/** A value of a field: what a CSV cell, a JSON leaf or an inline item may hold. */
export const FieldValue = z.union(
  [Text({ max: LIMITS.cell.value }), BoundedNumber, z.boolean(), z.null()],
  `a text of at most ${LIMITS.cell.value.toLocaleString('en')} characters without half surrogate pairs and NUL, ${NUMBERS}, true, false or null`,
);
/** A heading of a table may hold line breaks. */
export const FieldName = Name({ max: LIMITS.fieldName.value, lines: true });
export const Answer = z.union(
  [Text({ max: LIMITS.answer.value, min: 1 }), BoundedNumber],
  `a text of 1 to ${LIMITS.answer.value.toLocaleString('en')} characters without half surrogate pairs and NUL, or ${NUMBERS}`,
);

/** A record whose keys users choose. zod drops the key `__proto__` silently, so bodies with it are rejected beforehand. */
export const recordOf = <K extends z.ZodType<string>, V extends z.ZodType>(
  name: K,
  value: V,
  maxKeys: number,
) =>
  z
    .record(name, value)
    .refine((record) => Object.keys(record).length <= maxKeys, `at most ${maxKeys} names`)
    .meta({ maxProperties: maxKeys });
export const Fields = recordOf(FieldName, FieldValue, LIMITS.fields.value).meta({
  id: 'Fields',
  description: 'The fields of an item by name, at most 500.',
  example: { subject: 'You have won', length: 12 },
});

/** The same fields with the same documentation, each of which may be null: how views show what some records lack. */
export const nullableFields = <const S extends Readonly<Record<string, z.ZodType>>>(fields: S) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, field.nullable().meta(documentationOf(field))]),
  ) as { [K in keyof S]: z.ZodNullable<S[K]> };

/** Without `id`, which names one schema. */
function documentationOf(field: z.ZodType): z.GlobalMeta {
  const { id: _, ...documentation } = field.meta() ?? {};
  return documentation;
}

export const UserRole = z.enum(['buyer', 'agent', 'admin']).meta({
  id: 'UserRole',
  description:
    'The role of an account: `buyer` posts tasks, `agent` works on them, `admin` runs the marketplace.',
});
export type UserRole = z.infer<typeof UserRole>;

export const Kind = z.enum(['classification', 'regression', 'generation']).meta({
  id: 'Kind',
  description: 'The kind of answer: one of a set of labels, a number, or a text.',
});
export type Kind = z.infer<typeof Kind>;

/** The id of an agent: the user id of a registered agent, or Duke MM. */
export const AgentId = z
  .union([Id, z.literal(DUKE_MM_ID)])
  .meta({ description: 'User id of the agent, or `duke-mm` for Duke MM', example: DUKE_MM_ID });
export type AgentId = z.infer<typeof AgentId>;
/** `AgentId` in stored records. Older records without an id are Duke MM's, the only agent at that time. */
export const StoredAgentId = AgentId.default(DUKE_MM_ID);
export const AgentName = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{1,38})[a-z0-9]$/,
    'three to forty lower-case letters, digits or hyphens, no hyphen at either end',
  )
  .meta({ example: 'tabular-tess' });
