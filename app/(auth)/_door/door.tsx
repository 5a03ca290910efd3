import { defaultBrand } from '@/server/tenancy/brand'
import { BrandMark } from '../../_ui/brand-mark'

type Props = { heading: string; text: React.ReactNode; children: React.ReactNode; foot?: React.ReactNode }

/** One narrow column: the name, what this is, what to do. */
export function Door({ heading, text, children, foot }: Props) {
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <div className="flex w-full max-w-[340px] flex-col gap-7 pb-[8vh]">
        <div className="flex items-center gap-2.5 text-md font-semibold">
          <BrandMark size={24} /> {defaultBrand().productName}
        </div>
        <div className="flex flex-col gap-1">
          <h1 className="text-xl font-semibold">{heading}</h1>
          <p className="text-md text-soft">{text}</p>
        </div>
        {children}
        {foot ? <div className="flex flex-col gap-1 border-t border-line pt-4 text-soft">{foot}</div> : null}
      </div>
    </main>
  )
}
