import type { EventTemplate } from 'nostr-tools/pure';
import type { Account, AuthorizeInput, ExchangeInput, Grant, SignProblem } from '../platform.ts';
import { GrantRefused } from '../platform.ts';
import { createTemplate, parseEvent, readSigned, toAccount } from './event.ts';

/** What a supporter gives: not access to anything, but one event. For the receipt. */
export const SCOPE = 'one signed event';

/** There is no server to authorize at: our own page asks for the signature. `baseUrl`: without a trailing slash. */
export function authorizeHere(baseUrl: string, { text, moment, state }: AuthorizeInput) {
  return {
    url: `${baseUrl}/sign/nostr?${new URLSearchParams({ state })}`,
    flowSecret: JSON.stringify(createTemplate(text, moment)),
  };
}

/** What `keep` asks to be signed. */
export function parseTemplate(flowSecret: string): EventTemplate {
  return JSON.parse(flowSecret) as EventTemplate;
}

/** See `signProblem` of the contract. */
export function findSignProblem(pasted: string, flowSecret: string): SignProblem | null {
  const event = readSigned(pasted, parseTemplate(flowSecret));
  return typeof event === 'string' ? event : null;
}

/** `code` is the signed event, as JSON. @throws GrantRefused when it is not the one that was asked for. */
export function toGrant({ answer, flowSecret }: ExchangeInput): Grant {
  const event = readSigned(answer.code ?? '', parseTemplate(flowSecret));
  if (typeof event === 'string') throw new GrantRefused(`what was signed: ${event}`);
  return {
    accessToken: JSON.stringify(event),
    refreshToken: null,
    expiresAt: null,
    scope: SCOPE,
  };
}

/** @throws GrantRefused */
export function findAuthor(grant: Grant): Account {
  const event = parseEvent(grant.accessToken);
  if (!event) throw new GrantRefused('the event is not readable');
  return toAccount(event);
}
