import type { ReactNode } from 'react'
import './table.css'

export interface Column<Row> {
  readonly key: string
  readonly title: ReactNode
  /** What stands before the value on a phone, where each row is a card. Absent: the title, when it is a text. */
  readonly label?: string
  readonly align?: 'end'
  readonly cell: (row: Row) => ReactNode
}

/** A plain table with a caption for screen readers; on a phone each row is a card. The first column names the row. */
export function Table<Row>({ caption, columns, rows, rowKey }: { readonly caption: string; readonly columns: readonly Column<Row>[]; readonly rows: readonly Row[]; readonly rowKey: (row: Row) => string }) {
  return (
    <table className="table">
      <caption className="unseen">{caption}</caption>
      <thead>
        <tr>{columns.map((column) => <th key={column.key} scope="col" data-align={column.align}>{column.title}</th>)}</tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column, index) => {
              const label = column.label ?? (typeof column.title === 'string' ? column.title : undefined)
              return index === 0
                ? <th key={column.key} scope="row" data-align={column.align}>{column.cell(row)}</th>
                : <td key={column.key} data-label={label} data-align={column.align}>{column.cell(row)}</td>
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
