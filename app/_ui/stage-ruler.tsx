import { axisSpan, span } from '@/app/_lib/figures'
import { layOutStages, type PlacedStage, type Segment, type Stage } from '@/app/_lib/stage-layout'

const LANE_PX = 22
const AXIS_PX = 26

const at = (share: number): string => `${(share * 100).toFixed(3)}%`

/** Horizontal time axis from the first packet, to scale; a list where the screen is too narrow for one. */
export function StageRuler({ stages }: { stages: Stage[] }) {
  const segments = layOutStages(stages)
  const lanes = Math.max(...segments.flatMap((segment) => segment.stages.map((stage) => stage.lane)), 0) + 1
  return (
    <>
      <div
        aria-hidden="true"
        className="relative hidden lg:block print:block"
        style={{ height: lanes * LANE_PX + AXIS_PX + 10 }}
      >
        {segments.map((segment) => (
          <Axis key={segment.left} segment={segment} top={lanes * LANE_PX + 10} />
        ))}
        {segments.length > 1 ? <Break left={segments[1]?.left ?? 0} top={lanes * LANE_PX + 10} /> : null}
        {segments
          .flatMap((segment) => segment.stages)
          .map((stage) => (
            <Tick key={stage.key} stage={stage} top={(lanes - 1 - stage.lane) * LANE_PX} axis={lanes * LANE_PX + 10} />
          ))}
      </div>
      <StageList stages={stages} />
    </>
  )
}

function Tick({ stage, top, axis }: { stage: PlacedStage; top: number; axis: number }) {
  const colour = stage.by === 'node' ? 'bg-accent' : 'bg-soft'
  return (
    <div className="absolute" style={{ left: at(stage.left), top, height: axis - top }}>
      <span className={`absolute inset-y-0 left-0 w-px ${colour} opacity-60`} />
      <span
        className={`absolute bottom-[-4px] left-[-3px] size-[7px] ${colour} ${stage.by === 'node' ? 'rounded-full' : 'rotate-45'}`}
      />
      <span className="absolute top-[-4px] left-[7px] flex items-baseline gap-1.5 whitespace-nowrap">
        <span className="text-soft">{stage.label}</span>
        <span className="figures font-semibold">{span(stage.atMs)}</span>
      </span>
    </div>
  )
}

function Axis({ segment, top }: { segment: Segment; top: number }) {
  return (
    <div>
      <div className="absolute h-px bg-line-strong" style={{ left: at(segment.left), width: at(segment.width), top }} />
      {segment.ticks.map((tick, index) => (
        <div key={tick.atMs} className="absolute" style={{ left: at(tick.left), top }}>
          <span className="absolute top-0 left-0 h-[5px] w-px bg-line-strong" />
          <span
            className={`figures absolute top-2 text-xs whitespace-nowrap text-faint ${tick.left === 0 ? '' : index === segment.ticks.length - 1 ? '-translate-x-full' : '-translate-x-1/2'}`}
          >
            {tick.atMs === 0 ? 'first packet' : axisSpan(tick.atMs)}
          </span>
        </div>
      ))}
    </div>
  )
}

/** Says plainly that the scale changes here. */
function Break({ left, top }: { left: number; top: number }) {
  return (
    <svg
      aria-hidden="true"
      width="12"
      height="14"
      viewBox="0 0 12 14"
      className="absolute -translate-x-[20px] text-line-strong"
      style={{ left: at(left), top: top - 7 }}
    >
      <path d="M4 13 7 1M8 13 11 1" stroke="currentColor" fill="none" />
    </svg>
  )
}

function StageList({ stages }: { stages: Stage[] }) {
  const inOrder = [...stages].sort((left, right) => left.atMs - right.atMs)
  return (
    <ol className="flex flex-col lg:sr-only print:hidden">
      {inOrder.map((stage) => (
        <li key={stage.key} className="flex items-center gap-3 border-b border-line py-2 last:border-0">
          <span className={`size-[7px] ${stage.by === 'node' ? 'rounded-full bg-accent' : 'rotate-45 bg-soft'}`} />
          <span className="flex-1 text-soft">{stage.label}</span>
          <span className="figures font-semibold">{span(stage.atMs)}</span>
        </li>
      ))}
    </ol>
  )
}

/** What the marks of the ruler say. */
export function RulerKey() {
  return (
    <span className="flex items-center gap-4">
      <span className="flex items-center gap-1.5">
        <span className="size-[7px] rounded-full bg-accent" /> on the node
      </span>
      <span className="flex items-center gap-1.5">
        <span className="size-[7px] rotate-45 bg-soft" /> on the platform
      </span>
    </span>
  )
}
