interface Product {
  /** Start of the software's name, in lower case. */
  product: string
  name: string
}

/** The table entry of the recognized software; `null` if it was not recognized or is not in the table. */
export function settingsOf<T extends Product>(table: readonly T[], software: string | null): T | null {
  if (software === null) return null
  const text = software.toLowerCase().replace(/^probably /, '')
  return table.find(({ product }) => text.startsWith(product)) ?? null
}

/**
 * A remedy as a setting of the recognized software; if that has no such setting, its `meaning` in plain words; if the
 * software is unknown, the meaning with the settings of the `usual` ones.
 */
export function remedyOn<T extends Product>(
  where: string,
  software: string | null,
  known: T | null,
  usual: readonly T[],
  meaning: string,
  setting: (product: T) => string | undefined,
): string {
  const place = software === null ? where : `${where} (${software})`
  if (known) return `${place}: ${setting(known) ?? meaning}`
  const examples = usual.flatMap((product) => {
    const text = setting(product)
    return text === undefined ? [] : [`${product.name}: ${text}`]
  })
  return examples.length === 0 ? `${place}: ${meaning}` : `${place}: ${meaning} (${examples.join('; ')})`
}
