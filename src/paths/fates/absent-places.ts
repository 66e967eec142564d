import { Direction } from '../../tcp/connection.js'
import type { Clocks } from '../clock/place-clocks.js'
import type { Observation } from '../digest/observation.js'
import type { Fate, Kin, Path, Place } from '../model.js'
import { ServiceWays, wasAnswered } from './service-ways.js'

/**
 * Connections of which a place on the way saw nothing at all: data connections, if it saw the control connection that
 * they belong to; control connections, if it saw others of the same hosts. What one place sent towards that place was
 * lost before it, and what came back was made between.
 */
export function addAbsentPlaces(
  paths: Path[],
  alone: Observation[],
  places: readonly Place[],
  kin: readonly Kin[],
  clocks: Clocks,
): { paths: Path[]; alone: Observation[] } {
  const pathOf = new Map<Observation, Path>()
  for (const path of paths) for (const observation of path.observations) pathOf.set(observation, path)
  const controlOf = controlsByData(places, kin)
  const controls = controlsOf(places, kin)
  const ways = new ServiceWays(paths, alone, clocks)
  const all = [...paths]
  const rest: Observation[] = []
  for (const observation of alone) {
    const path: Path = { observations: [observation], signs: [], hops: [], fates: [], relayedAfter: null, absent: [] }
    const isJoined = controls.has(observation)
      ? extendControl(path, ways, places, clocks)
      : extend(path, pathOf, controlOf, places, clocks)
    if (isJoined) all.push(path)
    else rest.push(observation)
  }
  for (const path of paths) {
    const isControl = path.relayedAfter === null && path.observations.some((each) => controls.has(each))
    if (isControl) extendControl(path, ways, places, clocks)
    else extend(path, pathOf, controlOf, places, clocks)
  }
  return { paths: all, alone: rest }
}

function controlsOf(places: readonly Place[], kin: readonly Kin[]): ReadonlySet<Observation> {
  const streams = places.map(() => new Set<number>())
  for (const { place, control } of kin) streams[place]?.add(control)
  return new Set(
    places.flatMap(({ observations }, place) => observations.filter(({ stream }) => streams[place]!.has(stream))),
  )
}

/** By observation of a data connection: that of its control connection at the same place. */
function controlsByData(places: readonly Place[], kin: readonly Kin[]): Map<Observation, Observation> {
  const byStream = places.map(({ observations }) => new Map(observations.map((each) => [each.stream, each])))
  const found = new Map<Observation, Observation>()
  for (const { place, control, data } of kin) {
    const ofControl = byStream[place]?.get(control)
    if (!ofControl) continue
    for (const stream of data) {
      const ofData = byStream[place]?.get(stream)
      if (ofData && ofData !== ofControl) found.set(ofData, ofControl)
    }
  }
  return found
}

/**
 * Adds the places before the first and after the last observation that saw the control connection and nothing of this.
 */
function extend(
  path: Path,
  pathOf: ReadonlyMap<Observation, Path>,
  controlOf: ReadonlyMap<Observation, Observation>,
  places: readonly Place[],
  clocks: Clocks,
): boolean {
  const [first, last] = [path.observations[0]!, path.observations.at(-1)!]
  const isSameWay = isOpenedBySameSide(path, controlOf)
  if (isSameWay === null) return false
  const toResponder = neighbor(last, 'responder', isSameWay, pathOf, controlOf)
  const toInitiator = neighbor(first, 'initiator', isSameWay, pathOf, controlOf)
  if (toResponder !== null) {
    path.absent.push({ place: toResponder, beyond: 'responder' })
    path.fates.push(
      ...fatesBeyond(path, path.observations.length - 1, toResponder, Direction.FromInitiator, places, clocks),
    )
  }
  if (toInitiator !== null) {
    path.absent.push({ place: toInitiator, beyond: 'initiator' })
    path.fates.push(...fatesBeyond(path, 0, toInitiator, Direction.FromResponder, places, clocks))
  }
  return toResponder !== null || toInitiator !== null
}

/** Adds the next place towards the server, if its capture covers the time of some packet. */
function extendControl(path: Path, ways: ServiceWays, places: readonly Place[], clocks: Clocks): boolean {
  const at = path.observations.length - 1
  const place = ways.next(path.observations[at]!)
  if (place === null) return false
  // Others to the same port were captured there, so that no filter explains the absence of these.
  const there = { ...places[place]!, sawOtherTraffic: true }
  const fates = fatesBeyond(path, at, place, Direction.FromInitiator, places.with(place, there), clocks)
  if (!fates.some(({ kind }) => kind !== 'only-here')) return false
  path.absent.push({ place, beyond: 'responder' })
  path.fates.push(...fates)
  return true
}

/** The next place towards an end of the connection by the path of its control connection; `null` if there is none. */
function neighbor(
  observation: Observation,
  towards: Side,
  isSameWay: boolean,
  pathOf: ReadonlyMap<Observation, Path>,
  controlOf: ReadonlyMap<Observation, Observation>,
): number | null {
  const control = controlOf.get(observation)
  const path = control && pathOf.get(control)
  if (!control || !path || !leadsThere(observation, control, towards, isSameWay)) return null
  const step = (towards === 'responder') === isSameWay ? 1 : -1
  let at = path.observations.indexOf(control) + step
  // Both sides of a translator may be the same place.
  while (path.observations[at]?.place === observation.place) at += step
  return path.observations[at]?.place ?? null
}

/**
 * Whether the data connection comes from the side that the control connection comes from (passive mode): the first
 * place that saw both with the same address decides, since a translator may give them different ones. `null` if it
 * comes from a host of its own: another server, or a thief.
 */
function isOpenedBySameSide(path: Path, controlOf: ReadonlyMap<Observation, Observation>): boolean | null {
  for (const observation of path.observations) {
    const { address } = observation.initiator
    const control = controlOf.get(observation)
    if (address === control?.initiator.address) return true
    if (address === control?.responder.address) return false
  }
  return null
}

/**
 * Whether packets to that end, or from it, take the way of the control connection: those of the same hosts do. An
 * unanswered attempt to reach another address may, too; an answered one was with a third host, wherever that is.
 */
function leadsThere(data: Observation, control: Observation, towards: Side, isSameWay: boolean): boolean {
  if (towards === 'initiator') return true
  const responder = isSameWay ? control.responder : control.initiator
  return data.responder.address === responder.address || !wasAnswered(data, Direction.FromInitiator)
}

type Side = 'initiator' | 'responder'

/** `sent` is the direction that leaves towards the absent place. */
function fatesBeyond(
  path: Path,
  at: number,
  nextPlace: number,
  sent: Direction,
  places: readonly Place[],
  clocks: Clocks,
): Fate[] {
  const observation = path.observations[at]!
  const { log } = observation
  const there = places[nextPlace]!
  const clock = clocks.convert(observation.place, nextPlace)
  const isAnswered = wasAnswered(observation, sent)
  const fates: Fate[] = []
  for (let row = 0; row < log.size; row++) {
    const direction = log.direction(row)
    const base = { at, row, next: -1, nextPlace, there: -1, direction, changes: [], missing: 0 }
    const time = clock ? clock(log.time(row)) : null
    const outside = time === null ? null : time < there.start ? 'before-start' : time > there.end ? 'after-end' : null
    const reason = isAnswered ? (there.sawOtherTraffic ? 'not-captured' : 'filtered') : outside
    if (reason) fates.push({ ...base, kind: 'only-here', reason, certain: false })
    else {
      // A filter could explain the absence as well; nothing shows that there was one.
      const doubt = there.sawOtherTraffic ? null : 'filtered'
      const kind = direction === sent ? 'lost' : 'injected'
      fates.push({ ...base, kind, reason: doubt, certain: doubt === null })
    }
  }
  return fates
}
