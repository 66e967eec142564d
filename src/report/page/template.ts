/** The parts of the page that the build produces. */
export interface PageParts {
  /** Content-Security-Policy: allows exactly the style and the script below, by their hashes. */
  policy: string
  style: string
  /** The view, a classic script. */
  script: string
  /** The analyzer that the view starts as a worker: gzip, base64. */
  worker: string
  /** Comment with the licences of what is bundled. */
  licences: string
}

/**
 * Where the analysis goes. Not a comment: the script, which contains this text too, must not contain `<!--` (HTML
 * §4.12.1.3).
 */
const SLOT = '<template id="ftpscope-slot"></template>'

/** Ids of the elements that hold data; none of them is ever executed. */
export const ANALYSIS_ELEMENT = 'ftpscope-analysis'
export const EXPLANATIONS_ELEMENT = 'ftpscope-explanations'
export const WORKER_ELEMENT = 'ftpscope-worker'
export const LICENCES_ELEMENT = 'ftpscope-licences'

/** The page as one HTML text. Script and style are inserted verbatim, as their hashes require. */
export function pageTemplate({ policy, style, script, worker, licences }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="ftpscope">
<title>ftpscope</title>
<style>${style}</style>
</head>
<body>
<noscript>This page needs JavaScript: it shows the analysis that it contains, and loads nothing.</noscript>
<div id="app"></div>
${SLOT}
<script type="application/octet-stream" id="${WORKER_ELEMENT}">${worker}</script>
<script type="text/plain" id="${LICENCES_ELEMENT}">${licences}</script>
<script>${script}</script>
</body>
</html>
`
}

/** The template before and after the place of the analysis. */
export function atSlot(template: string): readonly [before: string, after: string] {
  const at = template.indexOf(SLOT)
  if (at < 0) throw new Error('The page template has no slot for the analysis')
  return [template.slice(0, at), template.slice(at + SLOT.length)]
}
