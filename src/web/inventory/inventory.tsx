import { Route, Routes } from 'react-router'
import { NotThere } from '../shell/not-there.tsx'
import { Import } from './import.tsx'
import { Inferred } from './inferred.tsx'
import { Line } from './line.tsx'
import { Lines } from './lines.tsx'

/** The internal names: lines, one line, what is probably ours too, and lists that are handed in. */
export function Inventory() {
  return (
    <Routes>
      <Route index element={<Lines />} />
      <Route path="inferred" element={<Inferred />} />
      <Route path="import" element={<Import />} />
      <Route path=":id" element={<Line />} />
      <Route path="*" element={<NotThere />} />
    </Routes>
  )
}
