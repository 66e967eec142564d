import type { Action, ClientSpec } from '../scenario.js'
import { AUTHORITY } from '../tls/certificates.js'
import { uploadName, urlHost, type Client } from './client.js'

export const curl: Client = ({ spec, actions, user, password, host, port, timeout }) => {
  const scheme = spec.tls === 'implicit' ? 'ftps' : 'ftp'
  const base = `${scheme}://${urlHost(host)}:${port}/`
  const common = [
    '--silent',
    '--show-error',
    '--verbose',
    '--globoff',
    ...['--connect-timeout', `${Math.min(timeout, 8)}`, '--max-time', `${timeout}`],
    ...['--user', `${user}:${password}`],
    ...(spec.tls === undefined || spec.tls === 'none' ? [] : tlsOptions(spec)),
    ...(spec.tls === 'explicit' ? ['--ssl-reqd'] : []),
    ...modeOptions(spec.mode),
    ...(spec.ascii === true ? ['--use-ascii'] : []),
    ...(spec.options ?? []),
  ]
  const requests = actions.map((action) => [...common, ...request(action, base)])
  return { command: ['curl', '-q', ...requests.flatMap((args, index) => (index === 0 ? args : ['--next', ...args]))] }
}

const tlsOptions = ({ verify, tlsVersion }: ClientSpec): string[] => [
  ...(verify === true ? ['--cacert', AUTHORITY] : ['--insecure']),
  ...(tlsVersion === undefined ? [] : ['--tls-max', tlsVersion]),
]

function modeOptions(mode: string | undefined): string[] {
  if (mode === 'passive') return ['--disable-epsv']
  if (mode === 'active') return ['--ftp-port', '-', '--disable-eprt']
  if (mode === 'extended-active') return ['--ftp-port', '-']
  return []
}

function request(action: Action, base: string): string[] {
  if ('list' in action) return [base + action.list.replace(/^\//, '')]
  if ('get' in action) {
    const rate = action.rate === undefined ? [] : ['--limit-rate', `${action.rate}`]
    const restart = action.restart === undefined ? [] : ['--continue-at', `${action.restart}`]
    return [...rate, ...restart, '--output', action.get.replaceAll('/', '_'), base + action.get]
  }
  if ('put' in action) return ['--upload-file', uploadName(action.put), base + action.put]
  if ('raw' in action) return ['--quote', action.raw, base]
  throw new Error('curl cannot do this')
}
