import { Route, Routes } from 'react-router'
import { NotThere } from '../shell/not-there.tsx'
import { Queues } from './queues.tsx'
import { SourceList } from './source-list.tsx'
import { Source } from './source.tsx'

/** Where is looked, how that goes, and what cannot be seen. */
export function Sources() {
  return (
    <Routes>
      <Route index element={<SourceList />} />
      <Route path="queues" element={<Queues />} />
      <Route path=":id" element={<Source />} />
      <Route path="*" element={<NotThere />} />
    </Routes>
  )
}
