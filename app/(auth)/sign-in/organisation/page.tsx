import type { Metadata } from 'next'
import { Button } from '@/app/_ui/button'
import { Door } from '../../_door/door'
import { DoorField } from '../../_door/door-field'
import { DoorLink } from '../../_door/door-link'

export const metadata: Metadata = { title: 'Sign in with your organisation' }

/** Leads to the workspace's own sign-in. A plain form: it works before the page is alive. */
export default function OrganisationPage() {
  return (
    <Door
      heading="Sign in with your organisation"
      text="Some workspaces let their own organisation sign people in. Say which one is yours."
      foot={
        <p>
          Use your password instead? <DoorLink href="/sign-in">Sign in</DoorLink>
        </p>
      }
    >
      <form action="/sign-in" className="flex flex-col gap-4">
        <DoorField
          label="Workspace"
          name="workspace"
          required
          maxLength={64}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          hint="As it stands in addresses of its pages, e.g. spring-major."
        />
        <Button kind="primary" type="submit" className="h-10 text-md">
          Go on
        </Button>
      </form>
    </Door>
  )
}
