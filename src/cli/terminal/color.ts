import { styleText } from 'node:util'
import type { Style } from '../../report/style.js'
import { plainStyle } from '../../report/style.js'
import type { ProcessIo } from '../process-io.js'

/**
 * Whether standard output is colored: `--no-color` decides, then FORCE_COLOR (as Node reads it), then NO_COLOR
 * (https://no-color.org: any value but the empty one), then whether it is a terminal.
 */
export function wantsColor({ stdout, env }: ProcessIo, allowed: boolean): boolean {
  if (!allowed) return false
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  if (env['NO_COLOR']) return false
  return stdout.isTTY === true && env['TERM'] !== 'dumb'
}

export function styleFor(colored: boolean): Style {
  return colored ? ANSI : plainStyle
}

/** Whatever the stream is: `wantsColor` has decided, and newer versions of Node would look again. */
const styled =
  (format: Parameters<typeof styleText>[0]) =>
  (text: string): string =>
    styleText(format, text, { validateStream: false })

const ANSI: Style = {
  failed: styled(['bold', 'red']),
  degraded: styled('yellow'),
  ok: styled('green'),
  undetermined: styled('magenta'),
  heading: styled('bold'),
  faint: styled('dim'),
}
