import { Link } from 'react-router'
import { Empty } from '../parts/answers.tsx'
import { Screen } from '../parts/screen.tsx'

export function NotThere() {
  return (
    <Screen title="Nothing at this address">
      <Empty title="There is no such page" actions={<Link to="/findings">Go to the inbox</Link>}>The address may be mistyped, or of another version of namesake.</Empty>
    </Screen>
  )
}
