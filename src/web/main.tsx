import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { queryClient } from './api/use-call.ts'
import { Crash } from './shell/crash.tsx'
import { applyTheme } from './shell/theme.ts'
import { Pages } from './pages.tsx'
import './styles/tokens.css'
import './styles/base.css'

applyTheme()
const place = document.getElementById('page')
if (place === null) throw new Error('index.html has no #page')
createRoot(place).render(
  <StrictMode>
    <Crash>
      <QueryClientProvider client={queryClient}>
        <BrowserRouter>
          <Pages />
        </BrowserRouter>
      </QueryClientProvider>
    </Crash>
  </StrictMode>,
)
