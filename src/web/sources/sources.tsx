import { Screen } from '../parts/screen.tsx'

export function Sources() {
  return <Screen title="Sources">Comes next.</Screen>
}
