import type { Action } from '../scenario.js'
import { uploadName, type Client, type ClientContext } from './client.js'

/** tnftp (the BSDs' and macOS's ftp): EPSV first, also over IPv4. */
export const tnftp: Client = (context) => {
  const { spec, host, port } = context
  const active = spec.mode === 'active' || spec.mode === 'extended-active'
  const extended = spec.mode === 'passive' || spec.mode === 'active' ? ['epsv4'] : []
  const args = ['-n', '-v', '-i', active ? '-A' : '-p', ...(spec.options ?? []), host, `${port}`]
  return { command: ['tnftp', ...args], input: dialogue(context, extended) }
}

/** GNU inetutils ftp: the classic command line client. */
export const inetutilsFtp: Client = (context) => {
  const { spec, host, port } = context
  const active = spec.mode === 'active' || spec.mode === 'extended-active'
  const extended = spec.mode === 'extended-passive' || spec.mode === 'extended-active' ? ['epsv4'] : []
  const args = ['-n', '-v', '-i', active ? '-A' : '-p', ...(spec.options ?? []), host, `${port}`]
  return { command: ['inetutils-ftp', ...args], input: dialogue(context, extended) }
}

function dialogue({ spec, actions, user, password }: ClientContext, before: readonly string[]): string {
  const type = spec.ascii === true ? 'ascii' : 'binary'
  const lines = [`user ${user} ${password}`, ...before, type, ...actions.map(command), 'quit']
  return lines.join('\n') + '\n'
}

function command(action: Action): string {
  if ('list' in action) return `ls ${action.list}`
  if ('get' in action) return `${action.restart === undefined ? 'get' : 'reget'} ${action.get}`
  if ('put' in action) return `put ${uploadName(action.put)} ${action.put}`
  if ('mirror' in action) return `cd ${action.mirror}\nmget *`
  if ('sleep' in action) return `!sleep ${action.sleep}`
  return action.raw
}
