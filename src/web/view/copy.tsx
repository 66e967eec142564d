import { useState } from 'preact/hooks'

/** How long "Copied" is shown. */
const NOTICE_MS = 1500

/** A text in full, and a button that copies it. One that `scrolls` can be scrolled by keyboard. */
export function Copyable({ label, text, scrolls = false }: { label: string; text: string; scrolls?: boolean }) {
  const [copied, setCopied] = useState(false)
  const onClick = async (): Promise<void> => {
    await copy(text)
    setCopied(true)
    setTimeout(() => {
      setCopied(false)
    }, NOTICE_MS)
  }
  return (
    <span class="copyable">
      <code {...(scrolls && { tabIndex: 0 })}>{text}</code>
      <button type="button" class="quiet" onClick={() => void onClick()} aria-label={`Copy ${label}`}>
        {copied ? 'Copied' : 'Copy'}
      </button>
      <span class="hidden" role="status">
        {copied ? `Copied ${label}` : ''}
      </span>
    </span>
  )
}

/** The clipboard API may be unavailable to a page from a file; a selection can be copied nevertheless. */
async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    const field = document.createElement('textarea')
    field.value = text
    field.className = 'hidden'
    const focused = document.activeElement
    document.body.append(field)
    field.select()
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without the clipboard API
    document.execCommand('copy')
    field.remove()
    if (focused instanceof HTMLElement) focused.focus()
  }
}
