import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { confirmPost } from '../../../actions/assisted/confirm-post.ts';
import { showAssisted } from '../../../actions/assisted/show-assisted.ts';
import { findPublicCampaign } from '../../../actions/campaign/find-campaign.ts';
import type { CampaignRecord } from '../../../actions/campaign/records.ts';
import {
  eraseReminder,
  followReminder,
  showReminder,
} from '../../../actions/reminder/follow-reminder.ts';
import { requestReminder } from '../../../actions/reminder/request-reminder.ts';
import { showOutbox } from '../../../actions/reminder/show-outbox.ts';
import type { Context } from '../../../context.ts';
import { ConflictError, InputError, NotFoundError } from '../../../domain/errors.ts';
import { SUPPORTER_FIELDS, type SupporterValues } from '../../../domain/supporter-field.ts';
import {
  assistedPage,
  calendarFile,
  outboxPage,
  type PageLanguages,
  reminderPage,
} from '../../../web/index.ts';
import type { AssistedView, ReminderView } from '../../../web/views/assisted.ts';
import { assistedPath, campaignCode, readCampaignCode } from '../../campaign-code.ts';
import { reminderId } from '../../joined.ts';
import { getGate, orRelease } from '../../limits/gate.ts';
import { pickInterfaceLocale, pickPageLanguages, sendHtml, toFrame } from '../../pages.ts';
import { assistedView } from '../../views/assisted-views.ts';
import { momentView } from '../../views/campaign-views.ts';

/** The longest of anything that people type here. */
const MAX_TYPED = 2_000;

/** For people who post by themselves: the page, the calendar file, reminders, and the way to say that one has posted. */
export function assistedRoutes(ctx: Context): RouteOptions[] {
  return [
    {
      method: 'GET',
      url: '/at/:code',
      handler: (request, reply) => sendAssistedPage(ctx, request, reply, parseNotice(request)),
    },
    {
      method: 'GET',
      url: '/at/:code/moment.ics',
      handler: (request, reply) => calendar(ctx, request, reply),
    },
    {
      method: 'POST',
      url: '/at/:code/confirm',
      handler: (request, reply) => confirm(ctx, request, reply),
    },
    {
      method: 'POST',
      url: '/at/:code/reminder',
      handler: (request, reply) => remind(ctx, request, reply),
    },
    ...namedRoutes(ctx),
    ...reminderRoutes(ctx),
  ];
}

/** Mail that was not sent, for operators. */
export function outboxRoutes(ctx: Context): RouteOptions[] {
  return [
    {
      method: 'GET',
      url: '/ops/outbox',
      handler: (_request, reply) => outbox(ctx, reply),
    },
  ];
}

/** What mail programs send by themselves (RFC 8058): the address is the secret. */
export function unsubscribeRoutes(ctx: Context): RouteOptions[] {
  return [
    {
      method: 'POST',
      url: '/m/:token/erase',
      handler: async (request, reply) => {
        await eraseReminder(ctx, { token: tokenOf(request) });
        return sendReminder(request, reply, { kind: 'erased' });
      },
    },
  ];
}

/** Addresses that name the campaign, as people type and pass them on: they lead to the ones that do not. */
function namedRoutes(ctx: Context): RouteOptions[] {
  return (['assisted', 'moment.ics'] as const).map((name) => ({
    method: 'GET',
    url: `/c/:slug/${name}`,
    handler: async (request, reply) => {
      const { slug } = request.params as { slug: string };
      const { id } = await findPublicCampaign(ctx, { slug });
      const path = name === 'assisted' ? pagePath(id) : `${pagePath(id)}/${name}`;
      return redirect(reply, `${path}${new URL(request.url, ctx.baseUrl).search}`);
    },
  }));
}

function reminderRoutes(ctx: Context): RouteOptions[] {
  return [
    { method: 'GET', url: '/m/:token', handler: (request, reply) => follow(ctx, request, reply) },
    {
      method: 'POST',
      url: '/m/:token/confirm',
      handler: async (request, reply) => {
        const token = tokenOf(request);
        await followReminder(ctx, { token });
        getGate(ctx).finish(reminderId(token));
        return redirect(reply, `/m/${token}?lang=${pickInterfaceLocale(request).lang}`);
      },
    },
    {
      method: 'GET',
      url: '/m/:token/erase',
      handler: (request, reply) => askErase(ctx, request, reply),
    },
  ];
}

async function sendAssistedPage(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  notice: AssistedView['notice'],
) {
  const id = parseReminderId(request);
  const textLocale = (campaign: CampaignRecord) => languagesIn(request, campaign).textLocale;
  const shown = await showAssisted(ctx, {
    ...{ id, textLocale },
    back: (campaign) => ctx.baseUrl + assistedPath(id, languagesIn(request, campaign).lang),
    typed: typedOf(request),
    server: textOf(request, 'server').slice(0, 300),
  });
  const languages = languagesIn(request, shown.campaign);
  const frame = toFrame(languages, pagePath(id));
  const view = assistedView(shown, frame, languages.textLocale, pagePath(id), notice);
  return sendHtml(reply, assistedPage(view));
}

async function calendar(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const id = parseReminderId(request);
  const campaign = await findPublicCampaign(ctx, { id });
  const { locale, lang } = languagesIn(request, campaign);
  const file = calendarFile({
    locale,
    instant: campaign.moment.instant.toISOString(),
    uid: `${campaignCode(id)}@${new URL(ctx.baseUrl).hostname}`,
    url: ctx.baseUrl + assistedPath(id, lang),
  });
  return reply
    .header('cache-control', 'no-cache')
    .header('content-disposition', 'attachment; filename="reminder.ics"')
    .type('text/calendar; charset=utf-8')
    .send(file);
}

async function confirm(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const id = parseReminderId(request);
  const admission = await getGate(ctx).begin(request, reply, 'link');
  if (admission === null) return reply;
  let seen = false;
  try {
    seen = await orRelease(admission, () => confirmPost(ctx, { id, url: textOf(request, 'url') }));
  } catch (error) {
    if (error instanceof InputError)
      return sendAssistedPage(ctx, request, reply.code(422), 'wrong_url');
    if (error instanceof ConflictError)
      return sendAssistedPage(ctx, request, reply.code(409), null);
    throw error;
  }
  if (seen) admission.release();
  const said = seen ? 'thanks' : 'noted';
  return redirect(reply, `${assistedPath(id, pickInterfaceLocale(request).lang)}&said=${said}`);
}

async function remind(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const id = parseReminderId(request);
  const { locale, lang } = pickInterfaceLocale(request);
  const admission = await getGate(ctx).begin(request, reply, 'mail');
  if (admission === null) return reply;
  try {
    const address = textOf(request, 'address');
    const token = await orRelease(admission, () =>
      requestReminder(ctx, { id, address, locale, lang }),
    );
    if (token !== null) admission.keepUnder(reminderId(token));
  } catch (error) {
    if (error instanceof InputError)
      return sendAssistedPage(ctx, request, reply.code(422), 'wrong_address');
    if (!(error instanceof ConflictError)) throw error;
    if (error.code === 'busy') return sendAssistedPage(ctx, request, reply.code(429), 'busy');
    return sendAssistedPage(ctx, request, reply.code(409), null);
  }
  return redirect(reply, `${assistedPath(id, lang)}&said=mail`);
}

async function follow(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const token = tokenOf(request);
  const reminder = await findReminderByToken(ctx, token);
  if (reminder === null) {
    if (!(await getGate(ctx).allowMiss(request, reply))) return reply;
    return sendReminder(request, reply.code(404), { kind: 'erased' });
  }
  const { state, campaign, over } = reminder;
  const { lang } = languagesIn(request, campaign);
  if (over) return redirect(reply, assistedPath(campaign.id, lang));
  const unconfirmed = state === 'asked' || state === 'unconfirmed';
  return sendReminder(request, reply, {
    kind: unconfirmed ? 'confirm' : 'confirmed',
    moment: momentView(campaign.moment),
    confirmAction: unconfirmed ? `/m/${token}/confirm?lang=${lang}` : null,
    eraseAction: `/m/${token}/erase?lang=${lang}`,
  });
}

async function askErase(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const token = tokenOf(request);
  const reminder = await findReminderByToken(ctx, token);
  // Once the last mail is out nothing is left to be erased.
  const left = reminder !== null && ['asked', 'unconfirmed', 'confirmed'].includes(reminder.state);
  if (!left) return sendReminder(request, reply, { kind: 'erased' });
  const eraseAction = `/m/${token}/erase?lang=${pickInterfaceLocale(request).lang}`;
  return sendReminder(request, reply, { kind: 'erase', eraseAction });
}

async function findReminderByToken(ctx: Context, token: string) {
  try {
    return await showReminder(ctx, { token });
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

function sendReminder(
  request: FastifyRequest,
  reply: FastifyReply,
  view: Pick<ReminderView, 'kind'> & Partial<ReminderView>,
) {
  const frame = toFrame(pickInterfaceLocale(request), null);
  const whole = { moment: null, confirmAction: null, eraseAction: null, ...frame, ...view };
  return sendHtml(reply, reminderPage(whole));
}

async function outbox(ctx: Context, reply: FastifyReply) {
  const kept = await showOutbox(ctx);
  const mails = kept?.mails.map(({ subject, at, path }) => ({
    subject,
    at: at.toISOString(),
    href: path,
  }));
  return sendHtml(
    reply,
    outboxPage({ mails: mails ?? null, total: kept?.total ?? 0, signOutAction: '/ops/sign-out' }),
  );
}

function redirect(reply: FastifyReply, path: string) {
  return reply.header('cache-control', 'no-store').redirect(path, 303);
}

/** The campaign that an address names by its code. @throws NotFoundError where the code is none. */
function parseReminderId(request: FastifyRequest): string {
  const id = readCampaignCode((request.params as { code: string }).code);
  if (id === null) throw new NotFoundError('There is no such campaign');
  return id;
}

function languagesIn(request: FastifyRequest, { content }: CampaignRecord): PageLanguages {
  return pickPageLanguages(request, content.locales);
}

function pagePath(id: string): string {
  return `/at/${campaignCode(id)}`;
}

function tokenOf(request: FastifyRequest): string {
  return (request.params as { token: string }).token;
}

function parseNotice(request: FastifyRequest): AssistedView['notice'] {
  const said = textOf(request, 'said');
  return said === 'mail' || said === 'thanks' || said === 'noted' ? said : null;
}

/** A field of the form or the query; '' for whatever else a client may send. */
function textOf(request: FastifyRequest, name: string): string {
  const sent = { ...(request.query as object), ...(request.body as object | undefined) };
  const value = (sent as Record<string, unknown>)[name];
  return typeof value === 'string' ? value.slice(0, MAX_TYPED) : '';
}

function typedOf(request: FastifyRequest): SupporterValues {
  return Object.fromEntries(
    SUPPORTER_FIELDS.map((name) => [name, textOf(request, name).slice(0, 200)]),
  );
}
