/** A terminal's output as an SVG picture: text stays text, and the file stays small. */

const COLUMN = 8.4
const LINE = 19
const MARGIN = 20
const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
/** Select Graphic Rendition (ECMA-48 §8.3.117): its parameter. */
const SGR = new RegExp(`${String.fromCharCode(27)}\\[(\\d+)m`)
/** Class that each parameter begins, and those that it ends: what the report uses. */
const STARTS: Readonly<Record<string, string>> = {
  '1': 'bold',
  '2': 'faint',
  '31': 'red',
  '32': 'green',
  '33': 'yellow',
  '35': 'magenta',
}
const ENDS: Readonly<Record<string, readonly string[]>> = {
  '22': ['bold', 'faint'],
  '39': ['red', 'green', 'yellow', 'magenta'],
}

interface Run {
  column: number
  text: string
  classes: string
}

/** The picture of `command` and what it printed, with its escape sequences. */
export function terminalPicture(command: string, output: string): string {
  const lines = [[{ column: 0, text: `$ ${command}`, classes: 'faint' }], ...output.trimEnd().split('\n').map(runsOf)]
  const columns = Math.max(...lines.flat().map((run) => run.column + run.text.length))
  const width = Math.ceil(columns * COLUMN + 2 * MARGIN)
  const height = lines.length * LINE + 2 * MARGIN
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(command)}</title>`,
    '<style>',
    `text { font: 14px ${FONT}; fill: #d4d8de; white-space: pre }`,
    '.bold { font-weight: bold } .faint { fill: #8b949e } .red { fill: #ff7b72 }',
    '.green { fill: #56d364 } .yellow { fill: #e3b341 } .magenta { fill: #d2a8ff }',
    '</style>',
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    ...lines.flatMap((runs, index) => runs.map((run) => textElement(run, MARGIN + (index + 1) * LINE - 5))),
    '</svg>',
    '',
  ].join('\n')
}

/** The parts of a line that look alike, without the blanks around them. */
function runsOf(line: string): Run[] {
  const runs: Run[] = []
  const active = new Set<string>()
  let column = 0
  // Odd parts are the parameters of the escape sequences between the even ones.
  for (const [index, part] of line.split(SGR).entries()) {
    if (index % 2 === 0) {
      const text = part.trimEnd()
      const blanks = text.length - text.trimStart().length
      if (text !== '') runs.push({ column: column + blanks, text: text.trimStart(), classes: [...active].join(' ') })
      column += part.length
      continue
    }
    const style = STARTS[part]
    if (style !== undefined) active.add(style)
    else if (part in ENDS) for (const ended of ENDS[part]!) active.delete(ended)
    else throw new Error(`The picture has no style for SGR ${part}`)
  }
  return runs
}

/** `textLength` holds the columns together, whatever font the viewer has. */
function textElement({ column, text, classes }: Run, y: number): string {
  const style = classes === '' ? '' : ` class="${classes}"`
  const x = (MARGIN + column * COLUMN).toFixed(1)
  return `<text x="${x}" y="${y}" textLength="${(text.length * COLUMN).toFixed(1)}"${style}>${escaped(text)}</text>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
