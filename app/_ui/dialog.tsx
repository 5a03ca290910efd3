'use client'
import { useState } from 'react'
import { latePart } from '@/app/_lib/late-part'
import type { DialogProps } from './dialog-box'

const DialogBox = latePart(() => import('./dialog-box').then((part) => part.DialogBox))

/** A question or a form over the page. Its code comes when one opens for the first time: most visits open none. */
export function Dialog(props: DialogProps) {
  const [isNeeded, setNeeded] = useState(props.open)
  if (props.open && !isNeeded) setNeeded(true)
  return isNeeded ? <DialogBox {...props} /> : null
}
