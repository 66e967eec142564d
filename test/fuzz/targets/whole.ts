import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { type Analysis, Analyzer, CaptureFormatError } from '../../../src/index.js'
import { DEFAULT_OPTIONS, type ReportFormat } from '../../../src/report/format.js'
import { FORMATS } from '../../../src/report/formats.js'
import { pageTemplate } from '../../../src/report/page/template.js'
import { mutateCapture } from '../capture-mutations.js'
import { captureSeeds } from '../seeds.js'
import { must, type FuzzTarget } from './target.js'

const schema = JSON.parse(readFileSync(new URL('../../../src/report/schema.json', import.meta.url), 'utf8')) as object
const isValid = new Ajv({ strict: true, strictRequired: true }).compile(schema)
const template = pageTemplate({ policy: '', style: '', script: '', worker: '', licences: '' })
/** Elements of the page: no words of a capture may add one. */
const TAGS = template.split('<').length
const assets = { page: () => Promise.resolve(template), utf8: new TextEncoder() }
const formats = await Promise.all(
  Object.entries(FORMATS).map(async ([name, load]) => [name, await load(assets)] as const),
)

/** Captures from file to report: the analysis is valid, names frames that exist, and can be written in every format. */
export const whole: FuzzTarget = {
  steps: { perByte: 500, perInput: 300_000 },
  seeds: captureSeeds,
  mutate: mutateCapture,
  run(input) {
    let analysis
    try {
      analysis = analysed(input)
    } catch (error) {
      if (error instanceof CaptureFormatError) return [error.message.replace(/\d+/g, '')]
      throw error
    }
    must(isValid(analysis), `invalid: ${JSON.stringify(isValid.errors?.[0])}`)
    checkFrames(analysis)
    for (const [name, format] of formats) checkText(name, format, analysis)
    return featuresOf(analysis)
  },
}

function analysed(input: Uint8Array): Analysis {
  // The cap is low enough to be reached by small captures.
  const analyzer = new Analyzer({ maxConnections: 64, maxSessions: 8 })
  analyzer.openFile('input.pcap')
  analyzer.push(input)
  analyzer.closeFile()
  return analyzer.end()
}

function checkFrames({ sessions, findings, capture, summary }: Analysis): void {
  const exists = (frame: number) => Number.isInteger(frame) && frame >= 1 && frame <= capture.frames
  for (const { evidence, id, message } of [...findings, ...sessions.flatMap((session) => session.findings)]) {
    must(evidence.length > 0, `${id} has no evidence`)
    for (const { frame } of evidence) must(exists(frame), `${id} names frame ${frame} of ${capture.frames}`)
    must(!/undefined|NaN|Infinity|\[object/.test(message), `${id} says ${message}`)
  }
  for (const { exchanges, verdict, firstFrame, lastFrame } of sessions) {
    must(exists(firstFrame) && exists(lastFrame) && firstFrame <= lastFrame, `frames ${firstFrame} to ${lastFrame}`)
    for (const { frame } of exchanges) must(exists(frame), `an exchange in frame ${frame}`)
    must(!/undefined|NaN|Infinity|\[object/.test(verdict.sentence), verdict.sentence)
    must(verdict.outcome !== 'failed' || verdict.cause !== null, `failed without a cause: ${verdict.sentence}`)
  }
  must(summary.sessions === sessions.length, `${summary.sessions} sessions of ${sessions.length}`)
}

/** Controls that a report of text must not hold: a terminal would obey them. */
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/

function checkText(name: string, format: ReportFormat, analysis: Analysis): void {
  const text = [...format(DEFAULT_OPTIONS).end(analysis)].join('')
  const control = CONTROLS.exec(text)
  must(
    control === null || /^\r$/.test(control[0]),
    `${name} holds a control character: ${JSON.stringify(control?.[0])}`,
  )
  must(Buffer.from(text).toString() === text, `${name} holds half a surrogate pair`)
  // The element of the analysis takes the place of a slot.
  if (name === 'html') must(text.split('<').length === TAGS, 'the page has markup of the capture')
  if (name === 'json') must(JSON.stringify(JSON.parse(text)) === JSON.stringify(analysis), 'json says something else')
}

function* featuresOf({ sessions, findings, capture }: Analysis): Iterable<string> {
  for (const { kind } of capture.anomalies) yield kind
  for (const { id } of findings) yield id
  for (const session of sessions) {
    const ids = session.findings.map(({ id, confidence }) => `${id} ${confidence}`)
    yield* ids
    for (const id of ids) for (const other of ids) if (id < other) yield `${id} ${other}`
    yield `${session.control.state} ${session.control.closedBy} ${session.verdict.outcome} ${session.verdict.cause ?? ''}`
    yield `${session.security} ${session.login} ${session.verdict.outcome}`
    for (const { verb, state, match, transfer } of session.dataChannels) {
      yield `${verb ?? ''} ${state} ${match} ${transfer?.command ?? ''} ${transfer?.outcome ?? ''}`
    }
  }
}
