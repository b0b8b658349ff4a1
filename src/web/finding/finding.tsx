import { Screen } from '../parts/screen.tsx'

export function Finding() {
  return <Screen title="Finding">Comes next.</Screen>
}
