import * as z from 'zod';

/** RFC 9457, with our stable `code` and, for 422, what is wrong where. */
export const Problem = z
  .strictObject({
    type: z.string().meta({
      description: 'URN of the kind of error; `code` is its last part.',
      example: 'urn:dukenet:error:validation_failed',
    }),
    title: z.string().meta({
      description: 'What this kind of error means, always the same words for one `code`.',
      example: 'The request does not have the documented form',
    }),
    status: z.int().min(400).max(599).meta({ description: 'The HTTP status of this answer.', example: 422 }),
    detail: z.string().meta({
      description: 'What went wrong this time, in words for a person. Do not parse it.',
      example: 'See `errors` for what is wrong where.',
    }),
    code: z.string().meta({
      description: 'Stable name of the error: what a program decides by.',
      example: 'validation_failed',
    }),
    request_id: z.string().meta({
      description: 'Names this request in the logs of the service; tell it to support.',
      example: 'Kf3hLg8xFiAEMIQ=',
    }),
    errors: z
      .array(
        z
          .strictObject({
            path: z.string().meta({
              description: 'Dotted path of the field in the body, the query or the path.',
              example: 'items.3.fields.age',
            }),
            message: z.string().meta({
              description: 'What is wrong with this field.',
              example: 'Invalid input: expected number, received string',
            }),
          })
          .meta({ id: 'FieldError', description: 'One field of the request that is wrong.' }),
      )
      .optional()
      .meta({ description: 'With `validation_failed`: the first 50 fields that are wrong.' }),
  })
  .meta({ id: 'Problem', description: 'An error as RFC 9457 has it (`application/problem+json`).' });
export type Problem = z.infer<typeof Problem>;

/** Body of the answers that API Gateway gives by itself, before any function of ours runs. */
export const GatewayMessage = z
  .looseObject({
    message: z.string().meta({
      description: 'What API Gateway says of the request.',
      example: 'Too Many Requests',
    }),
  })
  .meta({
    id: 'GatewayMessage',
    description: 'An error of the gateway itself. It has no `code`: decide by the HTTP status.',
  });
