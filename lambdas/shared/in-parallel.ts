/**
 * Calls `work` with each entry, in their order, with at most `limit` calls at a time. Returns when no call is running any more, also
 * after an error: a Lambda function that ended before would leave the others half done.
 * @throws the first error of `entries` or `work`; no further entries are begun after it
 */
export async function inParallel<T>(
  entries: AsyncIterable<T>,
  limit: number,
  work: (entry: T) => Promise<void>,
): Promise<void> {
  // Generators queue concurrent calls of `next`.
  const iterator = entries[Symbol.asyncIterator]();
  const errors: unknown[] = [];
  const takeTurns = async (): Promise<void> => {
    try {
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
        if (errors.length > 0) return;
        await work(next.value);
      }
    } catch (error) {
      errors.push(error);
    }
  };
  await Promise.all(Array.from({ length: limit }, takeTurns));
  if (errors.length > 0) throw errors[0];
}
