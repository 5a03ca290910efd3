import { SURGE } from './measured'
import { BigFigure, Source } from './part'

/** An audience that came at once, and what was done about it: nothing. */
export function SurgeFigures() {
  return (
    <div className="flex flex-col gap-8">
      <div className="grid gap-x-10 gap-y-6 border-y border-line py-6 sm:grid-cols-2">
        <BigFigure value={SURGE.incidents}>while players arrived: {SURGE.growth}</BigFigure>
        <BigFigure value={SURGE.lost}>packets of the newcomers lost; no rule was seen</BigFigure>
      </div>
      <Source part="scenarios">
        Ten runs, the machine alone. A surge is noted with its reasons, and nobody is paged.
      </Source>
    </div>
  )
}
