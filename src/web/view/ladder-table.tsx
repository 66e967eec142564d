import type { Ladder } from '../../report/ladder/model.js'
import { plural } from '../../report/text/units.js'
import { Scroll } from './scroll.js'
import { Wire } from './wire.js'

interface Props {
  ladder: Ladder
  seconds: (time: string) => string
  /** The number that a frame is shown with. */
  number: (frame: number) => number
}

/** The ladder as a table, for screen readers. */
export function LadderTable({ ladder, seconds, number }: Props) {
  return (
    <Scroll label="Packets">
      <table>
        <thead>
          <tr>
            <th class="number">Frame</th>
            <th class="number">Time</th>
            <th>Channel</th>
            <th>From</th>
            <th>To</th>
            <th>Packet</th>
          </tr>
        </thead>
        <tbody>
          {ladder.rows.map((row) => (
            <tr key={`${row.frame} ${row.label}`} class={row.proof ? 'proof' : ''}>
              <td class="number">{number(row.frame)}</td>
              <td class="number">{seconds(row.time)}</td>
              <td>{row.channel === 'control' ? 'control' : `data ${row.dataChannel ?? ''}`}</td>
              <td>{row.from}</td>
              <td>{row.lost ? `lost at the ${row.to}` : row.to}</td>
              <td>
                {row.skipped > 0 && <span class="faint">{plural(row.skipped, 'packet')} omitted · </span>}
                <Wire>{row.label}</Wire>
                {row.proof && <strong> (proof)</strong>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
