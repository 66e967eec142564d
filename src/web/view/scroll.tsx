import type { ComponentChildren } from 'preact'

/** Something wider than a phone, that scrolls by itself; the keyboard reaches it too. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="scroll-x" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  )
}
