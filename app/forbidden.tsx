import { EmptyState } from './_ui/empty-state'

export default function Forbidden() {
  return (
    <div className="mx-auto max-w-2xl p-6 pt-[18vh]">
      <EmptyState
        isWholePage
        title="This was not given to you"
        action={
          <a href="/" className="font-medium text-accent underline underline-offset-2">
            Go to what is yours
          </a>
        }
      >
        <p>It belongs to this workspace, to a part that your role does not reach. An owner or admin can grant it.</p>
      </EmptyState>
    </div>
  )
}
