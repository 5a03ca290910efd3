import { DataProvider } from '@/app/_lib/trpc'

/** Around every part of the console but the fleet, which does without: see ADR 0019. */
export function DataLayout({ children }: { children: React.ReactNode }) {
  return <DataProvider>{children}</DataProvider>
}
