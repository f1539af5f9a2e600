import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { TypedWords } from '../../../actions/message/read-words.ts';
import { editPledge, proposeText, showEdit } from '../../../actions/receipt/edit-pledge.ts';
import type { Context } from '../../../context.ts';
import { ConflictError, InputError } from '../../../domain/errors.ts';
import { changePage, wordsPage } from '../../../web/index.ts';
import { MAX_WORDS, MAX_WORDS_FORM, readField, readFields } from '../../forms.ts';
import { pickInterfaceLocale, pickPageLanguages, sendHtml, toFrame } from '../../pages.ts';
import { wordsView } from '../../views/join-views.ts';
import { changeView } from '../../views/receipt-views.ts';
import { parseTypedFields } from './join-routes.ts';
import { backToReceipt, guarded, parseReceiptToken, receiptPath } from './receipt-routes.ts';

const MAX_FIELD = 200;
/** What the page for words sends. */
const WORDS_FIELDS = ['wording', 'own', 'text_locale', 'name', 'place'];

type Handler = (ctx: Context, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** Changing a text until the lock: choose, see exactly what would be posted, and agree to that. */
export function editRoutes(ctx: Context): RouteOptions[] {
  const at = (method: 'GET' | 'POST', url: string, handler: Handler): RouteOptions => ({
    method,
    url,
    bodyLimit: MAX_WORDS_FORM,
    handler: (request, reply) => guarded(ctx, request, reply, inTime(handler)),
  });
  return [
    at('GET', '/r/:token/edit/:pledge', (_ctx, request, reply) => words(ctx, request, reply, null)),
    at('POST', '/r/:token/edit/:pledge', propose),
    at('POST', '/r/:token/edit/:pledge/agree', agree),
  ];
}

/** What cannot be done any more is said on the receipt. */
function inTime(handler: Handler): Handler {
  return async (ctx, request, reply) => {
    try {
      return await handler(ctx, request, reply);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      return backToReceipt(request, reply, error.code === 'closed' ? 'too_late' : 'fixed');
    }
  };
}

async function words(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  typed: TypedWords | null,
) {
  const { text } = request.query as { text?: unknown };
  const asked = typeof text === 'string' && text !== '' ? text : null;
  const textLocale = asked ?? (readField(request, 'text_locale', MAX_FIELD) || null);
  const shown = await showEdit(ctx, { ...parsePledge(request), textLocale, typed });
  const languages = pickPageLanguages(request, shown.campaign.content.locales);
  const view = wordsView(shown, languages, editPath(request), ctx.config.http.exitUrl);
  const backHref = `${receiptPath(request)}?lang=${view.lang}`;
  return sendHtml(reply, wordsPage({ ...view, backHref }));
}

async function propose(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const typed = parseTypedFields(request);
  // "Show my text".
  if (readField(request, 'show', MAX_FIELD) !== '') return words(ctx, request, reply, typed);
  try {
    const proposed = await proposeText(ctx, proposalOf(request));
    const sent = readFields(request.body, MAX_WORDS);
    const fields = WORDS_FIELDS.flatMap((name) => (sent[name] ? [[name, sent[name]]] : []));
    const frame = toFrame(pickInterfaceLocale(request), null);
    const kept = Object.fromEntries(fields) as Record<string, string>;
    const path = receiptPath(request);
    return sendHtml(
      reply,
      changePage(changeView(proposed, frame, path, kept, ctx.config.http.exitUrl)),
    );
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return words(ctx, request, reply.code(422), typed);
  }
}

async function agree(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const shownHash = readField(request, 'shown', MAX_FIELD);
  try {
    await editPledge(ctx, { ...proposalOf(request), shownHash });
  } catch (error) {
    // The campaign's words have changed under it: the new text is shown, and asked for once more.
    const moved = error instanceof ConflictError && error.code === 'text_changed';
    if (!moved && !(error instanceof InputError)) throw error;
    return propose(ctx, request, reply.code(409));
  }
  return backToReceipt(request, reply, 'changed');
}

function proposalOf(request: FastifyRequest) {
  return {
    ...parsePledge(request),
    textLocale: readField(request, 'text_locale', MAX_FIELD),
    typed: parseTypedFields(request),
  };
}

function parsePledge(request: FastifyRequest) {
  const { pledge } = request.params as { pledge: string };
  return { receiptToken: parseReceiptToken(request), pledgeId: pledge };
}

function editPath(request: FastifyRequest): string {
  return `${receiptPath(request)}/edit/${parsePledge(request).pledgeId}`;
}
