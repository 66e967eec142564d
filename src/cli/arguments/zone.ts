import { InvalidArgumentError } from 'commander'
import { type TimeZone, timeZone } from '../../report/time-zone.js'

/** Parser of the option that names a time zone. */
export function zone(text: string): TimeZone {
  try {
    return timeZone(text.trim())
  } catch {
    throw new InvalidArgumentError('Give UTC, an offset as in +02:00, or a name as in Europe/Berlin.')
  }
}
