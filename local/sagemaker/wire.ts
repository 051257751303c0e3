import * as z from 'zod';
import { AwsError } from './errors.ts';

/** Account and region in resource names. */
export interface Owner {
  readonly account: string;
  readonly region: string;
}

/** One operation of the control API: from the parsed body to the answer. */
export type Operation = (input: unknown) => object;

/** Names that AWS allows for models, endpoints and jobs. They cannot leave a directory. */
export const Name = z.string().regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);

export const arnOf = ({ region, account }: Owner, kind: string, name: string): string =>
  `arn:aws:sagemaker:${region}:${account}:${kind}/${name.toLowerCase()}`;

/**
 * @throws AwsError ValidationException that names the invalid field and the reason
 */
export function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new AwsError('ValidationException', z.prettifyError(result.error));
}

/** Timestamps in the format of the protocol. */
export const seconds = (ms: number): number => ms / 1000;
