import { LARGEST_SECRET_FILE, SECRET_FILE_PROBE, secretFileKind } from '../input/secret-file.js'
import type { AnalyzeOptions } from '../options.js'
import type { Analysis } from '../report/contract.js'

export interface Separated {
  captures: File[]
  /** What the other files hold, as the command line takes it from `--keylog` and `--private-key`. */
  secrets: Pick<AnalyzeOptions, 'keyLog' | 'privateKeys'>
}

/** Anomalies of secrets, which someone who has added them wants to read at once. */
const ABOUT_SECRETS: ReadonlySet<string> = new Set([
  'tls-secrets-unused',
  'tls-key-log-malformed',
  'tls-private-key-unusable',
])

/** Key logs and private keys apart from captures, whatever their names. */
export async function separateSecrets(
  files: readonly File[],
  onProblem: (message: string) => void,
): Promise<Separated> {
  const captures: File[] = []
  const keyLog: Uint8Array[] = []
  const privateKeys: string[] = []
  for (const file of files) {
    const kind = await kindOf(file)
    if (kind === null) captures.push(file)
    else if (file.size > LARGEST_SECRET_FILE)
      onProblem(`Cannot read ${file.name}: it has ${file.size} bytes, limit ${LARGEST_SECRET_FILE}`)
    else if (kind === 'pem') privateKeys.push(await file.text())
    else keyLog.push(new Uint8Array(await file.arrayBuffer()))
  }
  if (captures.length === 0 && keyLog.length + privateKeys.length > 0)
    onProblem('These files hold only TLS secrets: choose the capture and its secrets together')
  return {
    captures,
    secrets: { ...(keyLog.length > 0 && { keyLog }), ...(privateKeys.length > 0 && { privateKeys }) },
  }
}

/** A file that cannot be read counts as a capture: whoever opens it reports why. */
async function kindOf(file: File): Promise<ReturnType<typeof secretFileKind>> {
  try {
    return secretFileKind(new Uint8Array(await file.slice(0, SECRET_FILE_PROBE).arrayBuffer()))
  } catch {
    return null
  }
}

/** What is wrong with the secrets that were added, or that they fit nothing: each a sentence. */
export function problemsOfSecrets({ secrets }: Separated, analysis: Analysis | null): string[] {
  if (!analysis || (!secrets.keyLog && !secrets.privateKeys)) return []
  return analysis.capture.anomalies.flatMap(({ kind, message }) => (ABOUT_SECRETS.has(kind) ? [message] : []))
}
