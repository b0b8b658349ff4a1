import { Screen } from '../parts/screen.tsx'

export function Exposure() {
  return <Screen title="Exposure">Comes next.</Screen>
}
