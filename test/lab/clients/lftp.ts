import type { Action } from '../scenario.js'
import { AUTHORITY } from '../tls/certificates.js'
import { uploadName, urlHost, type Client } from './client.js'

export const lftp: Client = ({ spec, actions, user, password, host, port, timeout }) => {
  const { mode, tls = 'none' } = spec
  const active = mode === 'active' || mode === 'extended-active'
  const settings = [
    'cmd:fail-exit no',
    `net:timeout ${Math.min(timeout, 8)}`,
    'net:max-retries 1',
    'net:reconnect-interval-base 1',
    'net:connection-limit 1',
    'ftp:sync-mode yes',
    `ftp:ssl-allow ${tls === 'none' ? 'no' : 'yes'}`,
    `ftp:ssl-force ${tls === 'none' ? 'no' : 'yes'}`,
    'ftp:ssl-protect-data yes',
    ...(spec.verify === true ? [`ssl:ca-file ${AUTHORITY}`] : ['ssl:verify-certificate no']),
    ...(spec.tlsVersion === '1.2' ? ['ssl:priority NORMAL:-VERS-TLS1.3'] : []),
    `ftp:passive-mode ${active ? 'no' : 'yes'}`,
    ...(mode === 'extended-passive' ? ['ftp:prefer-epsv yes'] : []),
    ...(mode === 'passive' ? ['ftp:prefer-epsv no'] : []),
    ...(spec.options ?? []),
  ]
  const scheme = tls === 'implicit' ? 'ftps' : 'ftp'
  const script = [
    'debug 9',
    ...settings.map((setting) => `set ${setting}`),
    `open -p ${port} -u ${user},${password} ${scheme}://${urlHost(host)}`,
    ...actions.map(command),
    'bye',
  ]
  return { command: ['lftp', '--norc', '-c', script.join('\n')] }
}

function command(action: Action): string {
  if ('list' in action) return `ls ${action.list}`
  if ('get' in action) return `get ${action.restart === undefined ? '' : '-c '}${action.get}`
  if ('put' in action) return `put ${uploadName(action.put)} -o ${action.put}`
  if ('mirror' in action) return `mirror ${action.mirror}`
  if ('sleep' in action) return `!sleep ${action.sleep}`
  return action.raw
}
