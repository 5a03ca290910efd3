import type { Channel } from './channel'
import { createGuardedAgent, type GuardedAgentOptions } from './guarded-agent'
import { renderWebhook } from './render-webhook'
import { type SendOptions, sendWebhook } from './send-webhook'
import { WebhookSettings } from './settings'
import { warmUp } from './warm-up'

export type WebhookOptions = GuardedAgentOptions & SendOptions

/** Signed webhooks by Standard Webhooks v1: `webhook-id` stays over retries, the time stamp is fresh for each. */
export function createWebhookChannel(
  options: WebhookOptions,
): Channel<WebhookSettings, string> & { warmUp: () => Promise<void> } {
  const agent = createGuardedAgent(options)
  return {
    id: 'webhook',
    name: 'Webhook',
    settings: WebhookSettings,
    render: renderWebhook,
    send: (request) => sendWebhook(agent, options, request),
    warmUp: () => warmUp(options),
    close: () => agent.close(),
  }
}
