import dynamic from 'next/dynamic'
import type { ComponentType } from 'react'

const AGAIN_MS = 2_000

/**
 * What comes late may be gone: a page stays open over an upgrade, whose files have other names. Once the platform answers,
 * the page is loaded anew, which brings all of it; nothing on it breaks meanwhile.
 */
export async function orLoadAnew<Module>(loading: Promise<Module>): Promise<Module> {
  try {
    return await loading
  } catch {
    const look = (): void => {
      fetch(location.href, { method: 'HEAD' }).then(
        (reply) => (reply.ok ? location.reload() : setTimeout(look, AGAIN_MS)),
        () => setTimeout(look, AGAIN_MS),
      )
    }
    look()
    return new Promise(() => {})
  }
}

/** A part of a page that is loaded when it is shown for the first time. */
export const latePart = <Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> =>
  dynamic(() => orLoadAnew(load()), { ssr: false })
