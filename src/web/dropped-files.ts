/** Files of a drop, those in folders included. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<File[]> {
  // Entries have to be asked for before the first wait: the drop's data are gone then.
  const entries = [...items].map((item) => item.webkitGetAsEntry())
  if (entries.every((entry) => entry === null)) return [...files]
  const found: File[] = []
  for (const entry of entries) if (entry) await collect(entry, found)
  return found
}

async function collect(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (entry.isFile) {
    found.push(
      await new Promise<File>((resolve, reject) => {
        ;(entry as FileSystemFileEntry).file(resolve, reject)
      }),
    )
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  // A reader gives a part of the folder at a time, and nothing when it is through.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject)
    })
    if (part.length === 0) return
    for (const each of part) await collect(each, found)
  }
}
