import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core'
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks'

/** Rows rendered beyond the visible ones, on either side. */
const OVERSCAN = 8

/** Rows of equal height in a scrolling element: only those in view exist. */
export function useVirtualRows(count: number, height: number) {
  const ref = useRef<HTMLDivElement>(null)
  const [, redraw] = useReducer((turn: number) => turn + 1, 0)
  const options = {
    count,
    getScrollElement: () => ref.current,
    estimateSize: () => height,
    overscan: OVERSCAN,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => {
      redraw(undefined)
    },
  }
  const [rows] = useState(() => new Virtualizer<HTMLDivElement, HTMLElement>(options))
  rows.setOptions({ ...rows.options, ...options })
  useLayoutEffect(() => rows._didMount(), [])
  useLayoutEffect(() => {
    rows._willUpdate()
  })
  return { ref, rows, items: rows.getVirtualItems(), totalHeight: rows.getTotalSize() }
}
