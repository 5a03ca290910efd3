import { EmptyState } from './_ui/empty-state'

export default function NotFound() {
  return (
    <main className="mx-auto max-w-2xl p-6 pt-[18vh]">
      <EmptyState
        isWholePage
        title="There is nothing here"
        action={
          <a href="/" className="font-medium text-accent underline underline-offset-2">
            Go to your fleet
          </a>
        }
      >
        <p>
          The address is wrong, or what it led to is not yours to see. If somebody sent it to you, ask for access to
          their workspace.
        </p>
      </EmptyState>
    </main>
  )
}
