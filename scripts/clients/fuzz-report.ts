import * as z from 'zod';

/** The part of Schemathesis' JSON report (version 4) that is read. */
const Report = z.object({
  seed: z.number().nullable(),
  complete: z.boolean(),
  operations: z.object({ total: z.int(), selected: z.int(), tested: z.int() }),
  test_cases: z.object({ generated: z.int() }),
  failures: z.array(
    z.object({ type: z.string(), title: z.string(), count: z.int(), operations: z.array(z.string()) }),
  ),
  errors: z.array(z.unknown()),
});

/** Responses that differ from the document: status, media type, headers, body. */
const DRIFT = new Set([
  'UndefinedStatusCode',
  'UndefinedContentType',
  'MissingContentType',
  'MalformedMediaType',
  'MissingHeaders',
  'JsonSchemaError',
  'MalformedJson',
  'ContentDeserializationError',
  'DiscriminatorMismatch',
]);

export interface FuzzSummary {
  readonly role: string;
  readonly cases: number;
  readonly operations: number;
  /** Responses with status 500 or above. */
  readonly serverErrors: number;
  readonly drift: number;
  /** Other violations: accepts invalid input, requires no token, accepts a wrong method. */
  readonly other: number;
  /** Each kind of failure with its operations. */
  readonly failures: readonly string[];
}

/**
 * @throws ZodError if the report has another format
 */
export function summaryOf(role: string, report: unknown): FuzzSummary {
  const { operations, test_cases, failures, errors } = Report.parse(report);
  const count = (of: (type: string) => boolean): number =>
    failures.filter(({ type }) => of(type)).reduce((sum, failure) => sum + failure.count, 0);
  const serverErrors = count((type) => type === 'ServerError');
  const drift = count((type) => DRIFT.has(type));
  return {
    role,
    cases: test_cases.generated,
    operations: operations.tested,
    serverErrors,
    drift,
    other: count(() => true) - serverErrors - drift + errors.length,
    failures: [
      ...failures.map(({ title, operations: places }) => `${title}: ${places.join(', ')}`),
      ...errors.map((error) => `the fuzzer could not run: ${JSON.stringify(error)}`),
    ],
  };
}

const HEADS = ['role', 'cases', 'operations', '5xx', 'drift', 'other'] as const;

/** A table of all roles for the terminal. */
export function fuzzTable(summaries: readonly FuzzSummary[]): string {
  const rows = summaries.map((of) => [of.role, of.cases, of.operations, of.serverErrors, of.drift, of.other]);
  return [HEADS, ...rows]
    .map(
      ([role, ...cells]) => String(role).padEnd(12) + cells.map((cell) => String(cell).padStart(12)).join(''),
    )
    .join('\n');
}
