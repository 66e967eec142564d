import { encodeUtf8 } from '../bytes/utf8.js'
import type { FrameNote } from './frame-notes.js'

/** Everything but printable ASCII, and what ends a string. */
const UNSAFE = /[^ !#-[\]-~]/gu

/** The notes as a post-dissector: `ftpscope.session`, `ftpscope.finding` and `ftpscope.text` in Wireshark. */
export function luaDissector(notes: readonly FrameNote[]): string {
  const rows = notes.map(
    ({ frame, session, finding, text }) =>
      `note(${frame}, ${session ?? 'nil'}, ${finding === null ? 'nil' : luaString(finding)}, ${luaString(text)})\n`,
  )
  return `${HEAD}${rows.join('')}${TAIL}`
}

/** A string of Lua 5.1 or later, its bytes in UTF-8. */
function luaString(text: string): string {
  const escaped = text.replace(UNSAFE, (character) =>
    [...encodeUtf8(character, 4)].map((byte) => `\\${String(byte).padStart(3, '0')}`).join(''),
  )
  return `"${escaped}"`
}

const HEAD = `-- Verdicts and findings of ftpscope for one capture: wireshark -X lua_script:THIS_FILE CAPTURE
local protocol = Proto("ftpscope", "ftpscope")
local session_field = ProtoField.uint32("ftpscope.session", "Session")
local finding_field = ProtoField.string("ftpscope.finding", "Finding")
local text_field = ProtoField.string("ftpscope.text", "Text")
protocol.fields = { session_field, finding_field, text_field }
local notes = {}
local function note(frame, session, finding, text)
  notes[frame] = notes[frame] or {}
  table.insert(notes[frame], { session = session, finding = finding, text = text })
end
`

const TAIL = `function protocol.dissector(buffer, pinfo, tree)
  for _, each in ipairs(notes[pinfo.number] or {}) do
    local subtree = tree:add(protocol, each.text)
    if each.session then subtree:add(session_field, each.session) end
    if each.finding then subtree:add(finding_field, each.finding) end
    subtree:add(text_field, each.text)
  end
end
register_postdissector(protocol)
`
