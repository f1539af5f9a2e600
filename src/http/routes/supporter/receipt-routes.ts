import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { CampaignRecord } from '../../../actions/campaign/records.ts';
import { ErasedError } from '../../../actions/pledge/receipt-access.ts';
import { addAccount } from '../../../actions/receipt/add-account.ts';
import { type ConnectAgain, connectAgain } from '../../../actions/receipt/connect-again.ts';
import { downloadReceipt } from '../../../actions/receipt/download-receipt.ts';
import { eraseReceipt } from '../../../actions/receipt/erase-receipt.ts';
import { showReceipt } from '../../../actions/receipt/show-receipt.ts';
import { withdrawPledge } from '../../../actions/receipt/withdraw-pledge.ts';
import { requestReminder } from '../../../actions/reminder/request-reminder.ts';
import type { Context } from '../../../context.ts';
import { ConflictError, InputError, NotFoundError } from '../../../domain/errors.ts';
import { receiptPage } from '../../../web/index.ts';
import { RECEIPT_NOTICES, type ReceiptNotice } from '../../../web/views/receipt.ts';
import { readBrowser } from '../../cookies.ts';
import { followReceipt } from '../../follow.ts';
import { readField } from '../../forms.ts';
import { reminderId, wordsId } from '../../joined.ts';
import { getGate, orRelease } from '../../limits/gate.ts';
import {
  pickInterfaceLocale,
  pickPageLanguages,
  sendHtml,
  sendNotice,
  toFrame,
} from '../../pages.ts';
import { receiptView } from '../../views/receipt-views.ts';
import { shareView } from '../../views/share-views.ts';

/** An id, or an e-mail address. */
const MAX_FIELD = 300;

type Handler = (ctx: Context, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** A supporter's own page, behind its secret link, and everything that can be done from it. */
export function receiptRoutes(ctx: Context): RouteOptions[] {
  const at = (method: 'GET' | 'POST', url: string, handler: Handler): RouteOptions => ({
    method,
    url,
    handler: (request, reply) => guarded(ctx, request, reply, handler),
  });
  return [
    at('GET', '/r/:token', (_ctx, request, reply) =>
      sendReceiptPage(ctx, request, reply, parseNotice(request)),
    ),
    at('GET', '/r/:token/data.json', download),
    at('POST', '/r/:token/withdraw', withdraw),
    at('POST', '/r/:token/add', add),
    at('POST', '/r/:token/reconnect', reconnect),
    at('POST', '/r/:token/reminder', remind),
    at('POST', '/r/:token/erase', erase),
  ];
}

/** A link that leads to nothing says why. */
export async function guarded(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  handler: Handler,
) {
  try {
    return await handler(ctx, request, reply);
  } catch (error) {
    if (error instanceof ErasedError)
      return sendNotice(request, reply.code(410), goneNotice(request));
    if (!(error instanceof NotFoundError)) throw error;
    if (!(await getGate(ctx).allowMiss(request, reply))) return reply;
    return sendNotice(request, reply.code(404), 'receipt_gone');
  }
}

async function sendReceiptPage(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  notice: ReceiptNotice | null,
) {
  const path = receiptPath(request);
  const receipt = await showReceipt(ctx, { receiptToken: parseReceiptToken(request) });
  const languages = pickPageLanguages(request, receipt.campaign.content.locales);
  const shown = { frame: toFrame(languages, path), textLocale: languages.textLocale };
  const share = await shareView(ctx, receipt.campaign, languages);
  const view = receiptView(receipt, shown, { baseUrl: ctx.baseUrl, path }, share, notice);
  return sendHtml(reply, receiptPage({ ...view, follow: followReceipt(ctx, receipt) }));
}

async function download(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const data = await downloadReceipt(ctx, { receiptToken: parseReceiptToken(request) });
  return reply
    .header('cache-control', 'no-store')
    .header('content-disposition', 'attachment; filename="receipt.json"')
    .type('application/json; charset=utf-8')
    .send(`${JSON.stringify(data, null, 2)}\n`);
}

async function withdraw(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  try {
    await withdrawPledge(ctx, {
      receiptToken: parseReceiptToken(request),
      pledgeId: pledgeIn(request),
    });
  } catch (error) {
    // The receipt itself says what became of the post.
    if (!(error instanceof ConflictError)) throw error;
    return backToReceipt(request, reply, 'too_late');
  }
  return backToReceipt(request, reply, null);
}

/** On to the page that asks for an account: one more. */
function add(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const textLocale = ({ content }: CampaignRecord) =>
    pickPageLanguages(request, content.locales).textLocale;
  return goOn(ctx, request, reply, (input) => addAccount(ctx, { ...input, textLocale }));
}

/** The same for the account of one pledge, and no other. */
function reconnect(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  return goOn(ctx, request, reply, (input) => connectAgain(ctx, input));
}

async function goOn(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  begin: (input: ConnectAgain) => Promise<string>,
) {
  const { lang: locale } = pickInterfaceLocale(request);
  const input = { receiptToken: parseReceiptToken(request), pledgeId: pledgeIn(request), locale };
  const browser = readBrowser(ctx, request);
  const admission = await getGate(ctx).begin(request, reply, 'join');
  if (admission === null) return reply;
  try {
    const intentToken = await orRelease(admission, () =>
      begin({ ...input, browser: browser.secret }),
    );
    admission.keepUnder(wordsId(intentToken));
    browser.write(reply);
    return redirect(reply, `/i/${intentToken}?lang=${locale}`);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return backToReceipt(request, reply, 'too_late');
  }
}

async function remind(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { campaign } = await showReceipt(ctx, { receiptToken: parseReceiptToken(request) });
  const address = readField(request, 'address', MAX_FIELD);
  const admission = await getGate(ctx).begin(request, reply, 'mail');
  if (admission === null) return reply;
  try {
    const { locale, lang } = pickPageLanguages(request, campaign.content.locales);
    const input = { id: campaign.id, address, locale, lang };
    const token = await orRelease(admission, () => requestReminder(ctx, input));
    if (token !== null) admission.keepUnder(reminderId(token));
  } catch (error) {
    if (error instanceof InputError)
      return sendReceiptPage(ctx, request, reply.code(422), 'wrong_address');
    if (!(error instanceof ConflictError)) throw error;
    if (error.code === 'busy') return sendReceiptPage(ctx, request, reply.code(429), 'busy');
    return backToReceipt(request, reply, 'too_late');
  }
  return backToReceipt(request, reply, 'mail');
}

async function erase(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  try {
    await eraseReceipt(ctx, { receiptToken: parseReceiptToken(request) });
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return sendReceiptPage(ctx, request, reply.code(409), 'being_sent');
  }
  return redirect(
    reply,
    `${receiptPath(request)}?lang=${pickInterfaceLocale(request).lang}&${ERASED}=1`,
  );
}

const ERASED = 'erased';

/** Who has just erased it is told so; who comes later is told that it has ended, since nothing is left that knows how. */
function goneNotice(request: FastifyRequest): 'receipt_erased' | 'receipt_over' {
  return ERASED in (request.query as object) ? 'receipt_erased' : 'receipt_over';
}

/** `said`: what the receipt says above everything else. */
export function backToReceipt(
  request: FastifyRequest,
  reply: FastifyReply,
  notice: ReceiptNotice | null,
) {
  const query = `lang=${pickInterfaceLocale(request).lang}${notice === null ? '' : `&said=${notice}`}`;
  return redirect(reply, `${receiptPath(request)}?${query}`);
}

function redirect(reply: FastifyReply, path: string) {
  return reply.header('cache-control', 'no-store').redirect(path, 303);
}

export function parseReceiptToken(request: FastifyRequest): string {
  return (request.params as { token: string }).token;
}

export function receiptPath(request: FastifyRequest): string {
  return `/r/${parseReceiptToken(request)}`;
}

/** `joined` is how the way back from a network ends. */
function parseNotice(request: FastifyRequest): ReceiptNotice | null {
  const { joined, said = joined } = request.query as { joined?: unknown; said?: unknown };
  return RECEIPT_NOTICES.find((known) => known === said) ?? null;
}

/** Which of the receipt's pledges a form is about; null where it does not say. */
function pledgeIn(request: FastifyRequest): string | null {
  return readField(request, 'pledge', MAX_FIELD) || null;
}
