import type { ComponentChildren } from 'preact'

/** A container for content wider than a phone, which scrolls on its own and can be reached with the keyboard. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="scroll-x" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  )
}
