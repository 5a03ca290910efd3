/** A packet as recorded: `data` starts at the IP header (LINKTYPE_RAW) and may be shorter than `originalLength`. */
export type CapturedPacket = { atUs: number; data: Uint8Array; originalLength: number }
