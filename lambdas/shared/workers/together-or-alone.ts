/**
 * Handles items in one call and, where that fails, each by itself: an item that can never be handled costs the others a
 * second attempt and nothing more.
 * @param handle must be safe to run again for items that it has handled before
 * @returns the items that fail by themselves, with their errors
 */
export async function togetherOrAlone<T>(
  items: readonly T[],
  handle: (items: readonly T[]) => Promise<void>,
): Promise<{ readonly item: T; readonly error: unknown }[]> {
  if (items.length === 0) return [];
  try {
    await handle(items);
    return [];
  } catch (error) {
    if (items.length === 1) return items.map((item) => ({ item, error }));
  }
  const failed = [];
  for (const item of items) failed.push(...(await togetherOrAlone([item], handle)));
  return failed;
}
