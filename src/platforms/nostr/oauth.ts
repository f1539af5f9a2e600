import type { EventTemplate } from 'nostr-tools/pure';
import type { Account, AuthorizeInput, ExchangeInput, Grant, SignProblem } from '../platform.ts';
import { GrantRefused } from '../platform.ts';
import { accountOf, eventOf, readSigned, templateOf } from './event.ts';

/** What a supporter gives: not access to anything, but one event. For the receipt. */
export const SCOPE = 'one signed event';

/** There is nobody to go to for consent: our own page asks for the signature. `baseUrl`: without a trailing slash. */
export function authorizeHere(baseUrl: string, { text, moment, state }: AuthorizeInput) {
  return {
    url: `${baseUrl}/sign/nostr?${new URLSearchParams({ state })}`,
    keep: JSON.stringify(templateOf(text, moment)),
  };
}

/** What `keep` asks to be signed. */
export function templateIn(keep: string): EventTemplate {
  return JSON.parse(keep) as EventTemplate;
}

/** See `signProblem` of the contract. */
export function problemOf(pasted: string, keep: string): SignProblem | null {
  const event = readSigned(pasted, templateIn(keep));
  return typeof event === 'string' ? event : null;
}

/** `code` is the signed event, as JSON. @throws GrantRefused when it is not the one that was asked for. */
export function grantOf({ answer, keep }: ExchangeInput): Grant {
  const event = readSigned(answer.code ?? '', templateIn(keep));
  if (typeof event === 'string') throw new GrantRefused(`what was signed: ${event}`);
  return {
    accessToken: JSON.stringify(event),
    refreshToken: null,
    expiresAt: null,
    scope: SCOPE,
  };
}

/** @throws GrantRefused */
export function authorOf(grant: Grant): Account {
  const event = eventOf(grant.accessToken);
  if (!event) throw new GrantRefused('the event is not readable');
  return accountOf(event);
}
