import { Screen } from '../parts/screen.tsx'

export function Inventory() {
  return <Screen title="Inventory">Comes next.</Screen>
}
