import * as z from 'zod';
import { AwsError } from './errors.ts';

/** Account and region that resource names are built with. */
export interface Owner {
  readonly account: string;
  readonly region: string;
}

/** One call of the control API: the parsed body to the answer. */
export type Operation = (input: unknown) => object;

/** What AWS allows as the name of a model, an endpoint or a job. It cannot leave a folder. */
export const Name = z.string().regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);

export const arnOf = ({ region, account }: Owner, kind: string, name: string): string =>
  `arn:aws:sagemaker:${region}:${account}:${kind}/${name.toLowerCase()}`;

/** @throws AwsError ValidationException, with what is wrong and where */
export function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new AwsError('ValidationException', z.prettifyError(result.error));
}

/** The protocol's timestamps. */
export const seconds = (ms: number): number => ms / 1000;
