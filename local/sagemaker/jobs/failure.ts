/** The failure of a job; its message becomes the FailureReason. */
export class JobFailure extends Error {
  override readonly name = 'JobFailure';
}
