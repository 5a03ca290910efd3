import { BrandMark } from '@/app/_ui/brand-mark'
import { defaultBrand } from '@/server/tenancy/brand'

const COLUMNS = [
  {
    title: 'Product',
    links: [
      ['/product', 'What it does'],
      ['/esports', 'For esports'],
      ['/streaming', 'For streaming'],
      ['/pricing', 'Pricing'],
    ],
  },
  {
    title: 'Read',
    links: [
      ['/guide', 'Implementation guide'],
      ['/measured', 'How it was measured'],
      ['/faq', 'Questions'],
    ],
  },
  {
    title: 'Begin',
    links: [
      ['/sign-up', 'Create a workspace'],
      ['/book', 'Book a walk-through'],
      ['/sign-in', 'Sign in'],
    ],
  },
] as const

export function SiteFooter() {
  return (
    <footer className="border-t border-line">
      <div className="mx-auto grid w-full max-w-[1180px] grid-cols-2 gap-x-8 gap-y-10 px-5 py-12 sm:grid-cols-[2fr_1fr_1fr_1fr] sm:px-8">
        <div className="col-span-2 flex flex-col gap-3 sm:col-span-1">
          <p className="flex items-center gap-2.5 text-md font-semibold">
            <BrandMark size={20} /> {defaultBrand().productName}
          </p>
          <p className="max-w-xs text-faint">
            These pages set no cookie and load nothing from anywhere else. Every figure on them was measured.
          </p>
        </div>
        {COLUMNS.map(({ title, links }) => (
          <nav key={title} aria-label={title} className="flex flex-col gap-1">
            <p className="mb-1 font-medium">{title}</p>
            {links.map(([href, name]) => (
              <a key={href} href={href} className="eased w-fit py-0.5 text-soft hover:text-ink">
                {name}
              </a>
            ))}
          </nav>
        ))}
      </div>
    </footer>
  )
}
