import type { FastifyReply, FastifyRequest } from 'fastify';
import { waitPage } from '../../web/index.ts';
import type { WaitView } from '../../web/views/notice.ts';
import { pickInterfaceLocale, sendHtml, toFrame } from '../pages.ts';

/** What the page adds to what was sent before. */
const OWN_FIELDS = ['altcha', 'turn'];
const MAX_FIELDS = 100;

/** Asks for work, or for a wait: 429 (RFC 6585, 4) with Retry-After, and a form that sends again what was sent. */
export function sendWait(
  request: FastifyRequest,
  reply: FastifyReply,
  next: { ticket: string; waitMs: number; challenge: string },
): void {
  const seconds = Math.max(1, Math.ceil(next.waitMs / 1000));
  sendWaitPage(request, reply, seconds, {
    ...sentBefore(request),
    challenge: next.challenge,
    turn: next.ticket,
    laterHref: withTurn(request, next.ticket),
  });
}

/** How long nothing new is begun. `challenge`: only those who prove work may go on. */
export function sendLater(
  request: FastifyRequest,
  reply: FastifyReply,
  waitMs: number,
  challenge?: string,
): void {
  const seconds = Math.ceil(waitMs / 1000);
  const again =
    challenge === undefined
      ? null
      : { ...sentBefore(request), challenge, turn: '', laterHref: withTurn(request, '') };
  sendWaitPage(request, reply, seconds, again);
}

function sendWaitPage(
  request: FastifyRequest,
  reply: FastifyReply,
  seconds: number,
  again: WaitView['again'],
): void {
  const frame = toFrame(pickInterfaceLocale(request), null);
  reply.code(429).header('retry-after', seconds);
  sendHtml(reply, waitPage({ ...frame, seconds, again }));
}

function sentBefore(request: FastifyRequest) {
  const method = request.method === 'POST' ? ('post' as const) : ('get' as const);
  const [path = '/', query = ''] = request.url.split(/\?(.*)/s);
  const sent = method === 'post' ? request.body : Object.fromEntries(new URLSearchParams(query));
  const fields = Object.entries((sent ?? {}) as Record<string, unknown>)
    .filter((field): field is [string, string] => typeof field[1] === 'string')
    .filter(([name]) => !OWN_FIELDS.includes(name))
    .slice(0, MAX_FIELDS);
  return { method, action: method === 'post' && query !== '' ? `${path}?${query}` : path, fields };
}

function withTurn(request: FastifyRequest, ticket: string): string {
  const [path = '/', query = ''] = request.url.split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  parameters.set('turn', ticket);
  return `${path}?${parameters}`;
}
