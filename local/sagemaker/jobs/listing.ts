import * as z from 'zod';
import { invalid } from '../errors.ts';
import type { Job } from './job.ts';

export const Listing = z.object({
  NameContains: z.string().max(63).default(''),
  StatusEquals: z.string().optional(),
  CreationTimeAfter: z.number().default(0),
  CreationTimeBefore: z.number().default(Infinity),
  SortBy: z.enum(['Name', 'CreationTime', 'Status']).default('CreationTime'),
  SortOrder: z.enum(['Ascending', 'Descending']).default('Ascending'),
  MaxResults: z.int().min(1).max(100).default(10),
  NextToken: z.string().optional(),
});

type Key = readonly [string | number, string];
const Token = z.tuple([z.union([z.string(), z.number()]), z.string()]);

const KEYS = {
  Name: ({ name }: Job): Key => [name, name],
  CreationTime: ({ createdAt, name }: Job): Key => [createdAt, name],
  Status: ({ status, name }: Job): Key => [status, name],
} as const;

/**
 * One page of the matching jobs. A page begins after the last job of the previous one, even if that was reordered.
 * @throws AwsError ValidationException if the token is invalid
 */
export function page(
  jobs: readonly Job[],
  listing: z.infer<typeof Listing>,
): { jobs: Job[]; NextToken?: string } {
  const { NameContains, StatusEquals, CreationTimeAfter, CreationTimeBefore, MaxResults } = listing;
  const keyOf = KEYS[listing.SortBy];
  const order = listing.SortOrder === 'Ascending' ? 1 : -1;
  const after = listing.NextToken === undefined ? undefined : readToken(listing.NextToken);
  const found = jobs
    .filter(({ name, status, createdAt }) => {
      const created = createdAt / 1000;
      return (
        name.toLowerCase().includes(NameContains.toLowerCase()) &&
        (StatusEquals ?? status) === status &&
        created >= CreationTimeAfter &&
        created <= CreationTimeBefore
      );
    })
    .sort((a, b) => order * compare(keyOf(a), keyOf(b)))
    .filter((job) => after === undefined || order * compare(keyOf(job), after) > 0);
  const some = found.slice(0, MaxResults);
  const last = some.at(-1);
  if (!last || found.length === some.length) return { jobs: some };
  return { jobs: some, NextToken: Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') };
}

function compare(a: Key, b: Key): number {
  const at = a[0] === b[0] ? 1 : 0;
  return a[at] === b[at] ? 0 : a[at] < b[at] ? -1 : 1;
}

function readToken(token: string): Key {
  try {
    return Token.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
  } catch {
    throw invalid('NextToken is not one that was given out.');
  }
}
