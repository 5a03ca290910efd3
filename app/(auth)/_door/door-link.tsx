import Link from 'next/link'

export const DoorLink = ({ href, children }: { href: string; children: React.ReactNode }) => (
  <Link href={href} className="font-medium text-accent underline underline-offset-2">
    {children}
  </Link>
)
