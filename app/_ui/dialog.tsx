'use client'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import type { DialogProps } from './dialog-box'

const load = () => import('./dialog-box').then(({ DialogBox }) => DialogBox)
const DialogBox = dynamic(load, { ssr: false })

/** A question or a form over the page. Its code comes when one opens for the first time: most visits open none. */
export function Dialog(props: DialogProps) {
  const [isNeeded, setNeeded] = useState(props.open)
  if (props.open && !isNeeded) setNeeded(true)
  return isNeeded ? <DialogBox {...props} /> : null
}
