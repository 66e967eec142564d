import type { Analysis } from '../../report/contract.js'
import { firewallRules } from '../../report/firewall/firewall-rules.js'
import { plural } from '../../report/text/units.js'
import { CommandError, printError } from '../errors.js'
import type { ProcessIo } from '../process-io.js'
import { openOutput } from '../output/open-output.js'
import type { Output } from '../output/output.js'
import type { FirewallCommandOptions } from '../options.js'
import type { Dependencies } from '../dependencies.js'
import { analyzeWhole } from './analyze-whole.js'
import { SessionSelection } from './session-selection.js'
import { Status } from '../status.js'

/** `ftpscope firewall CAPTURE… --for DIALECT`: the rules that the captured sessions need. */
export async function firewall(
  captures: readonly string[],
  options: FirewallCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
): Promise<Status> {
  if (captures.length === 0) throw new CommandError('Specify the capture whose sessions the rules are for')
  if (options.for === 'lvs' && options.side === 'client') {
    throw new CommandError('--for lvs cannot be combined with --side client: LVS balances servers')
  }
  const stop = new AbortController()
  // Before a file is created that an interrupt would leave behind.
  const forgetInterrupt = io.onInterrupt(() => {
    stop.abort()
  })
  const output = await openOutput(options.output, io)
  try {
    const input = await analyzeWhole(captures, options, io, dependencies, stop.signal).finally(forgetInterrupt)
    await (input ? write(output, input.analysis, options, io) : output.discard())
    return input?.allRead ? Status.Done : Status.Failed
  } catch (error) {
    await output.discard()
    throw error
  }
}

async function write(
  output: Output,
  analysis: Analysis,
  options: FirewallCommandOptions,
  io: ProcessIo,
): Promise<void> {
  const selection = new SessionSelection(options.session)
  const sessions = analysis.sessions.filter((session) => selection.takes(session))
  if (selection.missing.length > 0)
    throw new CommandError(
      `${selection.notFound}: the capture contains ${plural(analysis.summary.sessions, 'session')}`,
    )
  const { for: dialect, side, helper, passiveRange, onlySeen, inside, outside } = options
  const rules = firewallRules(sessions, {
    ...{ dialect, side, helper },
    ...(passiveRange && { passiveRange }),
    ...(onlySeen && { onlySeen }),
    ...(inside && { inside }),
    ...(outside !== undefined && { outside }),
    ...(options.interface !== undefined && { interface: options.interface }),
  })
  if (rules === null) printError(io, 'No FTP sessions in the capture, so no rules are needed')
  await output.write(rules ?? '# ftpscope: no FTP sessions in the capture, so no rules are needed\n')
  await output.finish()
}
