/** List prices of eu-central-1 in USD, on demand, above free tiers, as of 2026-11. */
export const PRICES = {
  dynamoDbWriteUnit: 0.7625e-6,
  dynamoDbReadUnit: 0.1525e-6,
  s3Put: 5.4e-6,
  s3Get: 0.43e-6,
  sqsRequest: 0.4e-6,
  event: 1e-6,
  httpRequest: 1.2e-6,
  lambdaRequest: 0.2e-6,
  /** ARM64. */
  lambdaGbSecond: 13.3334e-6,
  logsGb: 0.63,
} as const;

/** Of the start, end and report of an invocation, which Lambda logs in JSON. */
export const LOG_BYTES_OF_INVOCATION = 700;
/** A queue's message is sent, received and deleted. */
export const REQUESTS_OF_MESSAGE = 3;
