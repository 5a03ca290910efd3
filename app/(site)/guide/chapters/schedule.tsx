import { type ChapterProps, List, Say } from './parts'

export function Schedule(_: ChapterProps) {
  return (
    <>
      <Say>
        The calendar tells servers when an audience is expected, so that the doors opening are not taken for an attack,
        and it keeps everything that can wait away from a live match.
      </Say>
      <List
        items={[
          'Give the event the ICS address of your schedule. It must be reachable over the public network; a calendar behind a login needs its private address.',
          'Each entry becomes a match by its UID: keep UIDs when you move a match, or it becomes another one.',
          'Times should name their zone: DTSTART with TZID or in UTC. Times without one are read in the zone of the calendar or of the event.',
          'Cancelled entries say so (STATUS:CANCELLED); they open no window.',
          'Series are unrolled: RRULE, EXDATE and moved instances are understood.',
          'Give each match the group of its servers. A match without servers changes nothing.',
        ]}
      />
      <Say>No calendar? Enter the windows by hand; they do the same.</Say>
    </>
  )
}
