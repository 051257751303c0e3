/**
 * Handles items in one go, and where that fails each by itself: an item that can never be handled costs its neighbours a
 * second try and nothing more. `handle` must be safe to run again for items that it has handled already.
 * @returns the items that fail by themselves, with why
 */
export async function togetherOrAlone<T>(
  items: readonly T[],
  handle: (items: readonly T[]) => Promise<void>,
): Promise<{ readonly item: T; readonly error: Error }[]> {
  if (items.length === 0) return [];
  try {
    await handle(items);
    return [];
  } catch (error) {
    if (items.length === 1) return items.map((item) => ({ item, error: asError(error) }));
  }
  const failed = [];
  for (const item of items) failed.push(...(await togetherOrAlone([item], handle)));
  return failed;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
