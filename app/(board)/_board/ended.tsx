/** The board is gone: nothing of it may stay on the screen. */
export function Ended() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-3 p-6 text-center">
      <h1 className="text-[clamp(20px,4vmin,64px)] leading-[1.25] font-semibold">
        This board is not shown here any more
      </h1>
      <p className="max-w-[40em] text-[clamp(14px,2.2vmin,36px)] leading-[1.4] text-soft">
        Its link has ended or was taken back. Ask whoever gave it to you for a new one.
      </p>
    </main>
  )
}
