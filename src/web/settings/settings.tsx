import { Route, Routes } from 'react-router'
import { NotThere } from '../shell/not-there.tsx'
import { Account } from './account.tsx'
import { Audit } from './audit.tsx'
import { Destinations } from './destinations.tsx'
import { People } from './people.tsx'
import { Tokens } from './tokens.tsx'

/** What is one's own, and what administrators manage. */
export function Settings() {
  return (
    <Routes>
      <Route index element={<Account />} />
      <Route path="tokens" element={<Tokens />} />
      <Route path="people" element={<People />} />
      <Route path="destinations" element={<Destinations />} />
      <Route path="audit" element={<Audit />} />
      <Route path="*" element={<NotThere />} />
    </Routes>
  )
}
