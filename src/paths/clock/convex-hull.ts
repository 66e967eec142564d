/** A point in time, the mean of both clocks, and how far one was ahead when a packet passed, in nanoseconds. */
export interface ClockPoint {
  at: number
  ahead: number
}

/**
 * The points of the lower convex hull (`sign` 1), or of the upper one (-1), ascending in time: a straight line is below
 * all points if it is below these (Andrew's monotone chain).
 */
export function convexHull(points: readonly ClockPoint[], sign: 1 | -1): ClockPoint[] {
  const sorted = [...points].sort((p, q) => p.at - q.at || sign * (p.ahead - q.ahead))
  const hull: ClockPoint[] = []
  for (const point of sorted) {
    if (hull.length > 0 && hull.at(-1)!.at === point.at) continue
    while (hull.length >= 2 && isAbove(hull.at(-2)!, hull.at(-1)!, point, sign)) hull.pop()
    hull.push(point)
  }
  return hull
}

/** Whether the middle point is on or beyond the line between the others. */
function isAbove(left: ClockPoint, middle: ClockPoint, right: ClockPoint, sign: 1 | -1): boolean {
  const slope = (right.ahead - left.ahead) / (right.at - left.at)
  return sign * (middle.ahead - (left.ahead + slope * (middle.at - left.at))) >= 0
}
