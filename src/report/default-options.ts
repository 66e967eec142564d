import type { ReportOptions } from './format.js'
import { plainStyle } from './style.js'

/** In a file of its own, so that the page, which needs nothing else of them, does not hold all formats. */
export const DEFAULT_OPTIONS: ReportOptions = {
  width: 100,
  style: plainStyle,
  chosen: null,
  all: false,
  rows: 'sessions',
}
