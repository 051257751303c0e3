/** An error as AWS would send it: `name` is what the SDK's exception is called. */
export class AwsError extends Error {
  override readonly name: string;
  readonly status: number;
  /** Further members of the error's body. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(name: string, message: string, status = 400, details: Record<string, unknown> = {}) {
    super(message);
    this.name = name;
    this.status = status;
    this.details = details;
  }
}

/** The control API's answer to anything malformed, missing or already there (it has no 404). */
export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
