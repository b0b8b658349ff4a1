import { Screen } from '../parts/screen.tsx'

export function Inbox() {
  return <Screen title="Inbox">Comes next.</Screen>
}
