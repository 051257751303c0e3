/**
 * Calls `work` with each entry, in their order, with at most `limit` calls at a time.
 * @throws the first error of `entries` or `work`; no further entries are begun by the call that failed
 */
export async function inParallel<T>(
  entries: AsyncIterable<T>,
  limit: number,
  work: (entry: T) => Promise<void>,
): Promise<void> {
  // Generators queue concurrent calls of `next`.
  const iterator = entries[Symbol.asyncIterator]();
  const takeTurns = async (): Promise<void> => {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
      await work(next.value);
  };
  await Promise.all(Array.from({ length: limit }, takeTurns));
}
