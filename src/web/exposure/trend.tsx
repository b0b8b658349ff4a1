import type { Answer } from '../../api/contract.ts'
import { Table } from '../parts/table.tsx'

type Quarter = Answer<'GET /api/exposure'>['trend'][number]

const plot = { width: 720, height: 240, left: 36, right: 62, top: 18, bottom: 30 }
const room = plot.height - plot.top - plot.bottom

/** Whole numbers for the lines: a few, ending above the highest. */
function ticksOf(highest: number): readonly number[] {
  const rough = Math.max(1, highest) / 4
  const size = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * size).find((candidate) => candidate >= rough) ?? size)
  return Array.from({ length: Math.ceil(Math.max(1, highest) / step) + 1 }, (_, index) => index * step)
}

/**
 * Exposed at the end, new and closed, by quarter: solid, striped and dotted, so that they differ in grey too; every bar
 * has its number. The table beneath says the same.
 */
export function Trend({ trend }: { readonly trend: readonly Quarter[] }) {
  const bars = (quarter: Quarter) => [
    { kind: 'exposed', value: quarter.exposedAtEnd }, { kind: 'new', value: quarter.found + quarter.reopened }, { kind: 'closed', value: quarter.closed + quarter.withdrawn },
  ] as const
  const ticks = ticksOf(Math.max(...trend.flatMap((quarter) => bars(quarter).map(({ value }) => value))))
  const top = ticks.at(-1) ?? 1
  const slot = (plot.width - plot.left - plot.right) / trend.length
  const width = Math.min(36, slot * 0.26)
  const y = (value: number) => plot.height - plot.bottom - (value / top) * room
  const last = trend.at(-1)
  return (
    <figure className="trend">
      <svg viewBox={`0 0 ${plot.width} ${plot.height}`} role="img" aria-label={`Exposed names by quarter${last === undefined ? '' : `: ${trend.map(({ quarter, exposedAtEnd }) => `${quarter} ${exposedAtEnd}`).join(', ')}. The goal is 0.`}`}>
        <defs>
          <pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" className="paint-back" /><rect width="2.5" height="6" className="paint-new" /></pattern>
          <pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" className="paint-back" /><circle cx="3" cy="3" r="1.3" className="paint-closed" /></pattern>
        </defs>
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={plot.left} x2={plot.width - plot.right} y1={y(tick)} y2={y(tick)} className={tick === 0 ? 'axis' : 'grid'} />
            <text x={plot.left - 6} y={y(tick) + 4} textAnchor="end">{tick.toLocaleString('en')}</text>
          </g>
        ))}
        <text x={plot.width - plot.right + 6} y={y(0) + 4} className="goal">goal: 0</text>
        {trend.map((quarter, index) => (
          <g key={quarter.quarter}>
            {bars(quarter).map(({ kind, value }, at) => {
              const x = plot.left + slot * (index + 0.5) + (at - 1.5) * width
              return (
                <g key={kind}>
                  <rect className={`bar bar-${kind}`} x={x + 1} width={width - 2} y={y(value)} height={Math.max(0, y(0) - y(value))} />
                  <text x={x + width / 2} y={y(value) - 4} textAnchor="middle" className={kind === 'exposed' ? 'number number-exposed' : 'number'}>{value.toLocaleString('en')}</text>
                </g>
              )
            })}
            <text x={plot.left + slot * (index + 0.5)} y={plot.height - 10} textAnchor="middle">{quarter.quarter}{quarter.isWhole ? '' : ' (so far)'}</text>
          </g>
        ))}
      </svg>
      <figcaption className="legend small">
        {[['exposed', 'exposed at the end'], ['new', 'new or exposed again'], ['closed', 'closed or dismissed since']].map(([kind, label]) => (
          <span key={kind} className="row"><svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true" focusable="false"><rect x="0.5" y="0.5" width="13" height="13" className={`bar bar-${kind}`} /></svg> {label}</span>
        ))}
      </figcaption>
      <details className="trend-table">
        <summary>The same as a table</summary>
        <Table caption="Exposed names by quarter" rows={trend} rowKey={({ quarter }) => quarter} columns={[
          { key: 'quarter', title: 'Quarter', cell: ({ quarter, isWhole }) => `${quarter}${isWhole ? '' : ' (so far)'}` },
          { key: 'start', title: 'At the start', align: 'end', cell: ({ exposedAtStart }) => exposedAtStart },
          { key: 'found', title: 'New', align: 'end', cell: ({ found }) => found },
          { key: 'reopened', title: 'Exposed again', align: 'end', cell: ({ reopened }) => reopened },
          { key: 'closed', title: 'Closed', align: 'end', cell: ({ closed }) => closed },
          { key: 'withdrawn', title: 'Dismissed since', align: 'end', cell: ({ withdrawn }) => withdrawn },
          { key: 'end', title: 'At the end', align: 'end', cell: ({ exposedAtEnd }) => exposedAtEnd },
        ]} />
      </details>
    </figure>
  )
}
