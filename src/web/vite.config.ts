import path from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/**
 * `npm run build` makes dist/web, which `web` serves; `npm run dev:web` serves src/web and passes /api on to a running
 * `npm start`. Nothing is inlined: the policy of the server allows neither inline scripts nor inline styles nor data: URLs.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: path.join(import.meta.dirname, '../../dist/web'),
    emptyOutDir: true,
    target: 'es2024',
    cssTarget: ['chrome125', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
})
