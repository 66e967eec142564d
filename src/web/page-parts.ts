import { LICENCES_ELEMENT, type PageParts, WORKER_ELEMENT } from '../report/page/template.js'

/**
 * The parts that this page was built from, from which a report can be built again. Additions by browser extensions are
 * not included.
 */
export function pageParts(): PageParts {
  const policy = document.querySelector<HTMLMetaElement>('meta[http-equiv="Content-Security-Policy"]')?.content ?? ''
  return {
    policy,
    style: textOf('head > style'),
    script: ownScript,
    worker: textOf(`#${WORKER_ELEMENT}`),
    licences: textOf(`#${LICENCES_ELEMENT}`),
  }
}

/** Only available while the script runs for the first time. */
const ownScript = document.currentScript?.textContent ?? ''

export function textOf(selector: string): string {
  return document.querySelector(selector)?.textContent ?? ''
}
