import MarkdownIt from 'markdown-it'
import { marked } from 'marked'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'

const markdownIt = new MarkdownIt({ html: true, linkify: true })

/** Renderers in wide use, with all that GitHub Flavored Markdown has, and HTML let through. */
export const RENDERERS: Readonly<Record<string, (markdown: string) => string>> = {
  marked: (markdown) => marked.parse(markdown, { gfm: true, async: false }),
  micromark: (markdown) =>
    micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] }),
  'markdown-it': (markdown) => markdownIt.render(markdown),
}

const TAG = /<(?:!--|(\/?[a-z][a-z0-9]*)([^>]*)>)/gi

/** The tags of rendered Markdown in order, but those of code: which words are code depends on them. */
export function elements(html: string): string[] {
  const tags: string[] = []
  for (const [all, name = all, attributes = ''] of html.matchAll(TAG)) {
    if (!/^\/?code$/i.test(name) || !/^(?: class="language-text")?$/.test(attributes)) tags.push(name + attributes)
  }
  return tags
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" }

/** The text that a reader sees. */
export function textOf(html: string): string {
  return html.replace(TAG, '').replace(/&(lt|gt|quot|amp|#39);/g, (_, name: string) => ENTITIES[name]!)
}
