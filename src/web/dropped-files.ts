/** The dropped files, including those in directories. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<File[]> {
  // Entries must be requested before the first await, after which the data of the drop is gone.
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
  // A reader returns a part of the directory at a time, and nothing at the end.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject)
    })
    if (part.length === 0) return
    for (const each of part) await collect(each, found)
  }
}
