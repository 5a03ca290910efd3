/** Links and buttons of the navigation look alike. */
export const ENTRY =
  'eased flex h-8 items-center gap-2.5 rounded-md px-2 text-soft whitespace-nowrap hover:bg-hover hover:text-ink aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-ink'
