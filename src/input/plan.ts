import { type FileScan, seriesOf } from '../capture/file-series.js'
import type { InputPlan } from '../capture/input-plan.js'

/** The places of files in the order in which they are read: one that overlaps those before it was captured elsewhere. */
export function planOf(scans: readonly FileScan[]): InputPlan {
  return { places: seriesOf(scans).map(({ paths }) => paths) }
}
