/**
 * Marks packets of verified clients and answers this node asked for, between the verified table (which sets it), the
 * tap and the cut (which read it); cleared behind the cut. One bit, so that policy routing keeps its own.
 */
export const MARK_BIT = 0x1000_0000

/** nft expression: the packet carries the mark. */
export const MARKED = `meta mark & ${MARK_BIT} == ${MARK_BIT}`
