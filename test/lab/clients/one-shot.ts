import type { ClientSpec } from '../scenario.js'
import { AUTHORITY } from '../tls/certificates.js'
import { uploadName, urlHost, type Client } from './client.js'

/** ncftpget, ncftpput and ncftpls: one program per action, so one action per scenario. */
export const ncftp: Client = ({ spec, actions, user, password, host, port, timeout }) => {
  const action = actions[0] ?? { list: '/' }
  const mode = spec.mode === 'active' ? ['-E'] : spec.mode === undefined ? [] : ['-F']
  const account = ['-u', user, '-p', password, '-P', `${port}`, '-d', 'stderr', ...mode]
  const common = [...account, '-r', '1', '-t', `${timeout}`, ...(spec.options ?? [])]
  const text = spec.ascii === true ? ['-a'] : []
  if ('get' in action) return { command: ['ncftpget', ...common, ...text, '-Z', host, '.', action.get] }
  if ('mirror' in action) return { command: ['ncftpget', ...common, '-R', '-T', host, '.', action.mirror] }
  if ('put' in action)
    return { command: ['ncftpput', ...common, ...text, '-C', host, uploadName(action.put), action.put] }
  const folder = 'list' in action ? action.list : '/'
  const listing = [...account, '-t', `${timeout}`, ...(spec.options ?? [])]
  return { command: ['ncftpls', ...listing, '-l', `ftp://${urlHost(host)}/${folder.replace(/^\//, '')}`] }
}

const tlsOptions = ({ verify, tlsVersion, tls }: ClientSpec): readonly string[] => [
  ...(verify === true ? [`--ca-certificate=${AUTHORITY}`] : ['--no-check-certificate']),
  ...(tlsVersion === '1.2' ? ['--secure-protocol=TLSv1_2'] : []),
  ...(tls === 'implicit' ? ['--ftps-implicit'] : []),
]

export const wget: Client = ({ spec, actions, user, password, host, port, timeout }) => {
  const urls = actions.map((action) => ('get' in action ? action.get : 'list' in action ? action.list : ''))
  const mode = spec.mode === 'active' ? ['--no-passive-ftp'] : []
  const account = [`--ftp-user=${user}`, `--ftp-password=${password}`]
  const limits = ['--tries=1', `--connect-timeout=${Math.min(timeout, 8)}`, `--read-timeout=${timeout}`]
  const base = `ftp://${urlHost(host)}:${port}/`
  const secure = spec.tls === 'explicit' || spec.tls === 'implicit'
  const scheme = secure ? base.replace('ftp:', 'ftps:') : base
  return {
    command: [
      'wget',
      '--debug',
      ...mode,
      ...account,
      ...limits,
      ...(secure ? tlsOptions(spec) : []),
      ...(spec.options ?? []),
      ...urls.map((url) => scheme + url),
    ],
  }
}
