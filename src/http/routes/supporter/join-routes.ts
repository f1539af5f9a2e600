import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { findJoinable, findPublicCampaign } from '../../../actions/campaign/find-campaign.ts';
import type { CampaignRecord } from '../../../actions/campaign/records.ts';
import { chooseWords } from '../../../actions/join/choose-words.ts';
import { findPlatformLabel } from '../../../actions/join/join-result.ts';
import { findIntentByToken, showIntent } from '../../../actions/join/show-intent.ts';
import { showWords } from '../../../actions/join/show-words.ts';
import { startJoin, toWiderPermission } from '../../../actions/join/start-join.ts';
import type { TypedWords } from '../../../actions/message/read-words.ts';
import { receiptOfPage } from '../../../actions/pledge/receipt-behind.ts';
import type { Context } from '../../../context.ts';
import { ConflictError, InputError, NotFoundError } from '../../../domain/errors.ts';
import { SUPPORTER_FIELDS, type SupporterValues } from '../../../domain/supporter-field.ts';
import {
  accountPage,
  beforePage,
  countAnswer,
  type PageLanguages,
  wordsPage,
} from '../../../web/index.ts';
import type { AccountView } from '../../../web/views/join.ts';
import { readCampaignCode } from '../../campaign-code.ts';
import { browserCookie, readBrowser } from '../../cookies.ts';
import { MAX_WORDS_FORM, readField, wordsIn } from '../../forms.ts';
import { BUSY_MS, beginJoin, settleJoin } from '../../join-place.ts';
import { sendNotPledged, wordsId } from '../../joined.ts';
import { getGate, orRelease } from '../../limits/gate.ts';
import { sendLater } from '../../limits/wait.ts';
import {
  allowForms,
  pickInterfaceLocale,
  pickPageLanguages,
  sendHtml,
  sendNotice,
  toFrame,
} from '../../pages.ts';
import { backTo, overIn } from '../../views/campaign-views.ts';
import {
  accountView,
  beforeView,
  ownView,
  type TypedLocator,
  wordsView,
} from '../../views/join-views.ts';

/** A server's name, or a handle. */
const MAX_LOCATOR = 300;
/** The fields for them, each followed by its platform's name. */
const WHERE = 'where_';
/** A button's: what was probably meant by such a field. */
const TAKE = 'take_';
/** What was doubted once, and is meant. */
const SURE = 'sure_';
/** What was named beside the usual, and is agreed to. */
const AGREED = 'agreed_';
const MAX_FIELD = 200;

type Handler = (ctx: Context, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** Joining, a page a step: is it safe, which words, which account. Addresses name no campaign, only its code or a secret. */
export function joinRoutes(ctx: Context): RouteOptions[] {
  const at = (method: 'GET' | 'POST', url: string, handler: Handler): RouteOptions => ({
    method,
    url,
    bodyLimit: MAX_WORDS_FORM,
    handler: (request, reply) => guarded(ctx, request, reply, handler),
  });
  return [
    at('GET', '/join/:code', before),
    at('GET', '/join/:code/words', words),
    at('POST', '/join/:code/words', choose),
    at('POST', '/join/:code/count', sendCount),
    at('GET', '/i/:token', account),
    at('GET', '/i/:token/words', words),
    at('POST', '/i/:token/words', choose),
    at('POST', '/i/:token/join', join),
  ];
}

/** What cannot be done any more is said in a sentence. */
async function guarded(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  handler: Handler,
) {
  try {
    return await handler(ctx, request, reply);
  } catch (error) {
    const { token } = request.params as { token?: string };
    if (error instanceof ConflictError && NOTICES.has(error.code)) {
      const campaign = await findPublicCampaign(ctx, { id: await campaignOf(ctx, request) });
      const languages = languagesIn(request, campaign);
      const back = backTo(campaign, null, languages);
      const kind = error.code === 'closed' ? 'closed' : 'again_elsewhere';
      const receiptHref = await receiptHrefOf(ctx, request, token);
      const over = overIn(campaign.state);
      return sendNotice(request, reply.code(409), kind, { back, languages, receiptHref, over });
    }
    if (!(error instanceof NotFoundError)) throw error;
    if (!(await getGate(ctx).allowMiss(request, reply))) return reply;
    if (token !== undefined) {
      return sendNotice(request, reply.code(404), 'words_gone');
    }
    throw error;
  }
}

/** What cannot be done in the state things are in, and has a page of its own. */
const NOTICES: ReadonlySet<string> = new Set(['closed', 'elsewhere']);

/** The receipt of somebody who went on from it in this browser. */
async function receiptHrefOf(ctx: Context, request: FastifyRequest, token: string | undefined) {
  if (token === undefined) return null;
  const browser = browserCookie(ctx).read(request);
  const receipt = await receiptOfPage(ctx, { intentToken: token, browser });
  return receipt === null ? null : `/r/${receipt}?lang=${pickInterfaceLocale(request).lang}`;
}

async function before(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { code } = request.params as { code: string };
  const campaign = await findJoinable(ctx, { id: parseCampaignId(code) });
  const languages = languagesIn(request, campaign);
  const frame = toFrame(languages, `/join/${code}`);
  const view = beforeView(campaign, frame, languages.textLocale, ctx.config.http.exitUrl);
  return sendHtml(reply, beforePage(view));
}

/** The page for choosing words, new or to be changed. */
async function words(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { token } = request.params as { token?: string };
  if (token === undefined) {
    const { wording } = request.query as { wording?: unknown };
    const variant = typeof wording === 'string' && /^\d{1,3}$/.test(wording) ? Number(wording) : 0;
    return showWordsPage(ctx, request, reply, { ...NOTHING_TYPED, variant });
  }
  const { words: known, pledgeId } = await findIntentByToken(ctx, token);
  // What is connected again keeps the text that was agreed to.
  if (pledgeId !== undefined) return toAccount(request, reply, token);
  return showWordsPage(ctx, request, reply, known);
}

function toAccount(request: FastifyRequest, reply: FastifyReply, token: string) {
  const { lang } = pickInterfaceLocale(request);
  return reply.header('cache-control', 'no-store').redirect(`/i/${token}?lang=${lang}`, 303);
}

/** Of something that no button of ours sends. */
const NO_WORDING = -1;
const NOTHING_TYPED: TypedWords = { variant: 0, own: null, typed: {} };

async function showWordsPage(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  typed: TypedWords & { textLocale?: string },
  path = pathOf(request),
) {
  const shown = await showWords(ctx, {
    campaignId: await campaignOf(ctx, request),
    textLocale: (campaign) =>
      [wantedText(request), typed.textLocale].find((tag) => isWrittenIn(campaign, tag)) ??
      languagesIn(request, campaign).textLocale,
    typed,
  });
  const languages = languagesIn(request, shown.campaign);
  return sendHtml(reply, wordsPage(wordsView(shown, languages, path, ctx.config.http.exitUrl)));
}

async function choose(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const typed = parseTypedFields(request);
  const textLocale = readField(request, 'text_locale', MAX_FIELD);
  // "Show my text": nothing is kept.
  if (readField(request, 'show', MAX_FIELD) !== '') {
    return showWordsPage(ctx, request, reply, { ...typed, textLocale });
  }
  const { token = null } = request.params as { token?: string };
  const { lang: locale } = pickInterfaceLocale(request);
  try {
    const campaignId = await campaignOf(ctx, request);
    const input = { campaignId, intentToken: token, locale, textLocale, typed };
    // Words that are changed are no more work than they were.
    const admission = token === null ? await getGate(ctx).begin(request, reply, 'join') : null;
    if (reply.sent) return reply;
    const kept = await orRelease(admission, () => chooseWords(ctx, input));
    admission?.keepUnder(wordsId(kept));
    return toAccount(request, reply, kept);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return showWordsPage(ctx, request, reply.code(422), { ...typed, textLocale });
  }
}

/** How long a text of one's own is on each platform, for the counter beside it. Nothing of it is kept. */
async function sendCount(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const own = wordsIn(request);
  const textLocale = readField(request, 'text_locale', MAX_FIELD);
  const shown = await showWords(ctx, {
    campaignId: await campaignOf(ctx, request),
    textLocale: () => textLocale,
    typed: { ...NOTHING_TYPED, own },
  });
  const answer = countAnswer(ownView(shown), pickInterfaceLocale(request).locale);
  return reply.header('cache-control', 'no-store').send(answer);
}

/** Where the campaign has the words no more, they are chosen anew; the page says so. */
async function account(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  try {
    const { more: named } = request.query as { more?: unknown };
    const platform = typeof named === 'string' ? ctx.platforms.get(named) : undefined;
    const more = platform ? toWiderPermission(platform) : null;
    return await showAccount(ctx, request, reply, null, { refused: null, more });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return chooseAnew(ctx, request, reply);
  }
}

async function chooseAnew(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { token } = request.params as { token: string };
  const { words: known } = await findIntentByToken(ctx, token);
  return showWordsPage(ctx, request, reply.code(409), known, `/i/${token}/words`);
}

async function showAccount(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  notice: AccountView['notice'],
  asked: Pick<TypedLocator, 'refused' | 'more'> = { refused: null, more: null },
) {
  const { token } = request.params as { token: string };
  const browser = browserCookie(ctx).read(request);
  const shown = await showIntent(ctx, { intentToken: token, browser });
  const path = `/i/${token}`;
  const where = { typed: parseLocator(request), ...asked };
  allowForms(
    reply,
    shown.ways.flatMap(({ platform }) => ctx.platforms.get(platform)?.authorizeOrigins ?? []),
  );
  const frame = toFrame(languagesIn(request, shown.campaign), path);
  return sendHtml(
    reply,
    accountPage(accountView(shown, frame, path, notice, where, ctx.config.http.exitUrl)),
  );
}

async function join(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { token } = request.params as { token: string };
  const where = parseLocator(request);
  const platform = readField(request, 'platform', MAX_FIELD) || onlyOne(where);
  // A guess is only put into its field; or Enter was pressed where it is not clear which platform is meant.
  if (takes(request) || platform === '') return showAccount(ctx, request, reply, null);
  const browser = readBrowser(ctx, request);
  // The page that asks for work leads there, too.
  allowForms(reply, ctx.platforms.get(platform)?.authorizeOrigins ?? []);
  const admission = await beginJoin(ctx, request, reply, where[platform] ?? '');
  if (admission === null) return reply;
  try {
    const started = await orRelease(admission, () =>
      startJoin(ctx, {
        intentToken: token,
        platform,
        locale: pickInterfaceLocale(request).lang,
        locator: where[platform] ?? '',
        confirmedLocator: readField(request, `${SURE}${platform}`, MAX_LOCATOR),
        agreed: readField(request, `${AGREED}${platform}`, MAX_LOCATOR + MAX_FIELD),
        shownHash: readField(request, 'shown', MAX_FIELD),
        browser: browser.secret,
      }),
    );
    settleJoin(admission, started, wordsId(token), where[platform] ?? '');
    if (started.kind === 'busy') {
      sendLater(request, reply, BUSY_MS);
      return reply;
    }
    if (started.kind === 'failed') {
      const { campaign, failure } = started;
      return sendNotPledged(ctx, request, reply, {
        ...{ kind: 'not_pledged', ...failure, campaign },
        ...{ intentToken: token, locale: pickInterfaceLocale(request).lang },
        platformLabel: findPlatformLabel(ctx, platform),
      });
    }
    if (started.kind === 'where_refused') {
      const asked = { refused: started, more: null };
      return showAccount(ctx, request, reply.code(422), 'check_fields', asked);
    }
    if (started.kind === 'asks_more') {
      return showAccount(ctx, request, reply, null, { refused: null, more: started });
    }
    browser.write(reply);
    return reply.header('cache-control', 'no-store').redirect(started.url, 303);
  } catch (error) {
    if (error instanceof InputError) return chooseAnew(ctx, request, reply);
    if (!(error instanceof ConflictError && error.code === 'text_changed')) throw error;
    return showAccount(ctx, request, reply.code(409), 'text_changed');
  }
}

/** @throws NotFoundError where the code is none. */
function parseCampaignId(code: string): string {
  const id = readCampaignCode(code);
  if (id === null) throw new NotFoundError('There is no such campaign');
  return id;
}

/** The campaign that a page is about: by its code, or by the words that were chosen. */
async function campaignOf(ctx: Context, request: FastifyRequest): Promise<string> {
  const { code, token } = request.params as { code?: string; token?: string };
  if (code !== undefined) return parseCampaignId(code);
  return (await findIntentByToken(ctx, token ?? '')).campaignId;
}

/** The page's own address without a query; the form of the page posts to it. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}

function languagesIn(request: FastifyRequest, { content }: CampaignRecord): PageLanguages {
  return pickPageLanguages(request, content.locales);
}

function isWrittenIn({ content }: CampaignRecord, tag: string | null | undefined): tag is string {
  return typeof tag === 'string' && content.locales.includes(tag);
}

/** The language of the text that a link asks for. */
function wantedText(request: FastifyRequest): string | null {
  const { text } = (request.query ?? {}) as { text?: unknown };
  return typeof text === 'string' && text !== '' ? text : null;
}

/** What was chosen and typed on the page for words. */
export function parseTypedFields(request: FastifyRequest): TypedWords {
  const chosen = readField(request, 'wording', MAX_FIELD);
  const fields = SUPPORTER_FIELDS.map((name) => [name, readField(request, name, MAX_FIELD)]);
  return {
    variant: chosen === '' ? 0 : /^\d{1,3}$/.test(chosen) ? Number(chosen) : NO_WORDING,
    own: chosen === 'own' ? wordsIn(request) : null,
    typed: Object.fromEntries(fields) as SupporterValues,
  };
}

/**
 * What was typed for servers and handles, by the platform's name; a guess that was taken goes over it. Never of an address: it
 * may name somebody.
 */
function parseLocator(request: FastifyRequest): Record<string, string> {
  return Object.fromEntries([...sentAs(request, WHERE), ...sentAs(request, TAKE)]);
}

function takes(request: FastifyRequest): boolean {
  return sentAs(request, TAKE).length > 0;
}

function sentAs(request: FastifyRequest, prefix: string): [platform: string, value: string][] {
  const sent = Object.entries((request.body ?? {}) as Record<string, unknown>);
  return sent.flatMap(([name, value]): [string, string][] =>
    name.startsWith(prefix) && typeof value === 'string'
      ? [[name.slice(prefix.length), value.slice(0, MAX_LOCATOR)]]
      : [],
  );
}

/** The platform that is meant when a form is sent without one of its buttons: the only one with something typed, or ''. */
function onlyOne(where: Readonly<Record<string, string>>): string {
  const named = Object.keys(where).filter((platform) => where[platform]?.trim() !== '');
  return named.length === 1 ? (named[0] ?? '') : '';
}
