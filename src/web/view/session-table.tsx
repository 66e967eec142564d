import { endpointText } from '../../diagnose/words/evidence.js'
import { useEffect, useRef } from 'preact/hooks'
import type { SessionReport } from '../../report/contract.js'
import { transferCell } from '../../report/text/transfer-count.js'
import { duration } from '../../report/text/units.js'
import type { SortKey } from '../model/selection.js'
import { shownCause, shownInList } from '../model/shown.js'
import { change, choice, joined, selectedId } from '../state.js'
import { OutcomeBadge } from './outcome.js'
import { useVirtualRows } from './use-virtual-rows.js'
import { Wire } from './wire.js'

const ROW = 34
/** Most rows that are visible at once. */
const VISIBLE = 12

interface Column {
  key: SortKey
  name: string
  class?: string
}

const COLUMNS: readonly Column[] = [
  { key: 'id', name: '#', class: 'number' },
  { key: 'outcome', name: 'Result' },
  { key: 'client', name: 'Client' },
  { key: 'server', name: 'Server' },
  { key: 'user', name: 'User' },
  { key: 'transfers', name: 'Transfers', class: 'number' },
  { key: 'start', name: 'Start', class: 'number' },
  { key: 'duration', name: 'Duration', class: 'number' },
  { key: 'cause', name: 'Cause' },
]

/** A grid (WAI-ARIA) of which only the rows in view exist; arrow keys move the selection. */
export function SessionTable({ sessions }: { sessions: readonly SessionReport[] }) {
  const { ref, rows, items, totalHeight } = useVirtualRows(sessions.length, ROW)
  const at = sessions.findIndex(({ id }) => id === selectedId.value)
  const moved = useRef(false)

  const move = (to: number): void => {
    const next = sessions[Math.max(0, Math.min(sessions.length - 1, to))]
    if (!next) return
    moved.current = true
    selectedId.value = next.id
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = KEYS[event.key]?.(at, sessions.length)
    if (target !== undefined) move(target)
    else if (event.key === 'Enter') document.querySelector<HTMLElement>('#session')?.focus()
    else return
    event.preventDefault()
  }
  useEffect(() => {
    if (at >= 0) rows.scrollToIndex(at, { align: 'auto' })
    // Where the list is changed by a filter, the chosen session stays in sight as well.
  }, [at, sessions])
  useEffect(() => {
    if (!moved.current) return
    moved.current = false
    ref.current?.focus()
  }, [at])

  return (
    <div
      class="grid"
      role="grid"
      aria-label="Sessions"
      aria-rowcount={sessions.length + 1}
      aria-activedescendant={at < 0 ? undefined : `session-${sessions[at]!.id}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="row" class="grid-row head" aria-rowindex={1}>
        {COLUMNS.map((column) => (
          <ColumnHead key={column.key} column={column} />
        ))}
      </div>
      <div
        ref={ref}
        class="grid-body"
        role="rowgroup"
        style={{ height: `${Math.min(VISIBLE, Math.max(1, sessions.length)) * ROW}px` }}
      >
        <div role="presentation" style={{ height: `${totalHeight}px`, position: 'relative' }}>
          {items.map(({ index, start }) => (
            <Row
              key={sessions[index]!.id}
              session={sessions[index]!}
              index={index}
              top={start}
              selected={index === at}
            />
          ))}
        </div>
        {sessions.length === 0 && <p class="faint">No matching sessions.</p>}
      </div>
    </div>
  )
}

const KEYS: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => Math.max(0, at - 1),
  PageDown: (at) => at + VISIBLE,
  PageUp: (at) => Math.max(0, at - VISIBLE),
  Home: () => 0,
  End: (_at, count) => count - 1,
}

function ColumnHead({ column: { key, name, class: kind = '' } }: { column: Column }) {
  const { sort, descending } = choice.value
  const on = sort === key
  return (
    <div
      role="columnheader"
      class={`cell ${key} ${kind}`}
      aria-sort={on ? (descending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        onClick={() => {
          change({ sort: key, descending: on && !descending })
        }}
      >
        {name}
        <span aria-hidden="true">{on ? (descending ? ' ▾' : ' ▴') : ''}</span>
      </button>
    </div>
  )
}

interface RowProps {
  session: SessionReport
  index: number
  top: number
  selected: boolean
}

function Row({ session, index, top, selected }: RowProps) {
  const { id, client, server, user, transfers, start, durationMs, verdict } = shownInList(session)
  return (
    <div
      role="row"
      id={`session-${id}`}
      class={`grid-row ${verdict.outcome}`}
      aria-rowindex={index + 2}
      aria-selected={selected}
      style={{ transform: `translateY(${top}px)`, height: `${ROW}px` }}
      onClick={() => {
        selectedId.value = id
      }}
    >
      <Cell name="id number">{joined.value.idsOf(session).join(', ')}</Cell>
      <Cell name="outcome">
        <OutcomeBadge outcome={verdict.outcome} />
      </Cell>
      <Cell name="client">{endpointText(client.address, client.port)}</Cell>
      <Cell name="server">{endpointText(server.address, server.port)}</Cell>
      <Cell name="user">
        <Wire>{user}</Wire>
      </Cell>
      <Cell name="transfers number">{transferCell(transfers, '–')}</Cell>
      <Cell name="start number">{start.slice(11, 19)}</Cell>
      <Cell name="duration number">{duration(durationMs)}</Cell>
      <Cell name="cause">{shownCause(session)}</Cell>
    </div>
  )
}

function Cell({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div role="gridcell" class={`cell ${name}`}>
      {children}
    </div>
  )
}
