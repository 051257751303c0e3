/** An error in AWS format: `name` is the SDK's exception class. */
export class AwsError extends Error {
  override readonly name: string;
  readonly status: number;
  /** Additional members of the error's body. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(name: string, message: string, status = 400, details: Record<string, unknown> = {}) {
    super(message);
    this.name = name;
    this.status = status;
    this.details = details;
  }
}

/** Error for requests that are malformed, or name something missing or existing; the control API has no 404. */
export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
