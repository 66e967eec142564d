/** Runs `work` on every item, at most `limit` at a time; gives the errors in the order of the items. */
export async function pool<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<readonly (Error | undefined)[]> {
  const errors: (Error | undefined)[] = items.map(() => undefined)
  let next = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      try {
        await work(items[index]!)
      } catch (error) {
        errors[index] = error instanceof Error ? error : new Error(String(error))
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return errors
}
