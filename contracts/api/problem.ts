import * as z from 'zod';

/** An error as defined by RFC 9457, extended with a stable `code` and, for 422, the invalid fields. */
export const Problem = z
  .strictObject({
    type: z.string().meta({
      description: 'URN of the error type; its last part is `code`.',
      example: 'urn:dukenet:error:validation_failed',
    }),
    title: z.string().meta({
      description: 'The meaning of the error type; the same text for every error with this `code`.',
      example: 'The request does not have the documented form',
    }),
    status: z
      .int()
      .min(400)
      .max(599)
      .meta({ description: 'The HTTP status of this response.', example: 422 }),
    detail: z.string().meta({
      description: 'Explanation of this occurrence for people. Do not parse it.',
      example: 'See `errors` for what is wrong where.',
    }),
    code: z.string().meta({
      description: 'Stable identifier of the error type, for use in programs.',
      example: 'validation_failed',
    }),
    request_id: z.string().meta({
      description: 'Identifies this request in the logs of the service; quote it to support.',
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
              description: 'The error in this field.',
              example: 'Invalid input: expected number, received string',
            }),
          })
          .meta({ id: 'FieldError', description: 'An invalid field of the request.' }),
      )
      .optional()
      .meta({ description: 'For `validation_failed`: the first 50 invalid fields.' }),
  })
  .meta({ id: 'Problem', description: 'An error as defined by RFC 9457 (`application/problem+json`).' });
export type Problem = z.infer<typeof Problem>;

/** Body of error responses that API Gateway sends before any function runs. */
export const GatewayMessage = z
  .looseObject({
    message: z.string().meta({
      description: 'Error message of API Gateway.',
      example: 'Too Many Requests',
    }),
  })
  .meta({
    id: 'GatewayMessage',
    description: 'An error sent by the API gateway itself. It has no `code`; use the HTTP status.',
  });
