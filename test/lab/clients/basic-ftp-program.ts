/** npm's basic-ftp, driven by a JSON file: usage basic-ftp-program.ts SETTINGS.json */
import { readFileSync } from 'node:fs'
import { Client } from 'basic-ftp'
import { AUTHORITY } from '../tls/certificates.js'
import type { ClientContext } from './client.js'

const { spec, actions, user, password, host, port, timeout } = JSON.parse(
  readFileSync(process.argv[2] ?? '', 'utf8'),
) as ClientContext

const client = new Client(timeout * 400)
client.ftp.verbose = true
const secure = spec.tls === 'implicit' ? 'implicit' : spec.tls === 'explicit'
try {
  const secureOptions = {
    ...(spec.verify === true ? { ca: readFileSync(AUTHORITY) } : { rejectUnauthorized: false }),
    ...(spec.tlsVersion === undefined ? {} : { maxVersion: `TLSv${spec.tlsVersion}` as const }),
  }
  await client.access({ host, port, user, password, secure, secureOptions })
  for (const action of actions) {
    if ('list' in action) await client.list(action.list)
    else if ('get' in action) await client.downloadTo(action.get.replaceAll('/', '_'), action.get, action.restart ?? 0)
    else if ('put' in action) await client.uploadFrom(`upload-${action.put}`, action.put)
    else if ('mirror' in action) await client.downloadToDir('.', action.mirror)
    else if ('raw' in action) await client.send(action.raw)
    else await new Promise((resolve) => setTimeout(resolve, action.sleep * 1000))
  }
} catch (error) {
  console.log(String(error))
  process.exitCode = 1
}
client.close()
