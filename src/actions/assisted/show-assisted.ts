import type { Context } from '../../context.ts';
import { ON_COURSE } from '../../domain/campaign.ts';
import { type Lateness, summarise } from '../../domain/lateness.ts';
import { serverName } from '../../domain/mail-address.ts';
import type { SupporterValues } from '../../domain/supporter-field.ts';
import type { TextRule } from '../../domain/text-rule.ts';
import type { ComposeWay } from '../../platforms/compose-way.ts';
import { COMPOSE_WAYS, TEXT_RULES } from '../../platforms/index.ts';
import { countAssistedPosts } from '../../store/assisted-post.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import { countReminders, type ReminderTotals, readMailLateness } from '../../store/reminder.ts';
import { findPublicCampaign } from '../campaign/find-campaign.ts';
import { type ComposedMessage, composeMessage } from '../message/compose-message.ts';
import { type Blank, readWords } from '../message/read-words.ts';
import { takesReminders } from '../reminder/request-reminder.ts';
import { takesPosts } from './confirm-post.ts';

/** One way to post by oneself. */
export interface AssistedWay extends Pick<ComposeWay, 'carries' | 'requires' | 'byHandOnly'> {
  message: ComposedMessage;
  /** Opens the composer; null until the supporter has named their server. */
  href: string | null;
}

/** Everything that the page for people who post by themselves shows. */
export interface Assisted {
  campaign: CampaignRecord;
  /** `before` the moment, `now` from then on, `off` when the campaign was stopped. */
  phase: 'before' | 'now' | 'off';
  /** By the database's clock. */
  now: Date;
  ways: readonly AssistedWay[];
  blanks: readonly Blank[];
  /** The server as understood, or what is wrong with what was typed. */
  server: { value: string; wrong: boolean };
  reminders: boolean;
  confirmable: boolean;
  posts: number;
}

/** @throws NotFoundError for what the public may not see, too. */
export async function showAssisted(
  ctx: Context,
  input: {
    id: string;
    /** Where the page is, whole, for networks that lead back to it. */
    back: (campaign: CampaignRecord) => string;
    textLocale: (campaign: CampaignRecord) => string;
    typed: SupporterValues;
    server: string;
  },
): Promise<Assisted> {
  const campaign = await findPublicCampaign(ctx, { id: input.id });
  const locale = input.textLocale(campaign);
  const typed = { variant: 0, own: null, typed: input.typed };
  const { words, blanks } = readWords(campaign.content, locale, typed, []);
  const server = serverName(input.server);
  const now = ctx.clock.now();
  return {
    campaign,
    phase: phaseOf(campaign, now),
    now: new Date(now),
    ways: COMPOSE_WAYS.map((way) => {
      const message = composeMessage(campaign.content, words, ruleOf(way));
      return wayOf(ctx, way, message, {
        ...{ server: server ?? '', back: input.back(campaign), link: campaign.content.link },
      });
    }),
    blanks,
    server: { value: server ?? input.server, wrong: server === null && input.server.trim() !== '' },
    reminders: takesReminders(ctx, campaign),
    confirmable: takesPosts(ctx, campaign),
    posts: (await countAssistedPosts(ctx.db, campaign.id)).seen,
  };
}

function phaseOf({ state, moment }: CampaignRecord, now: number): Assisted['phase'] {
  if (!ON_COURSE.includes(state)) return 'off';
  return now < moment.instant.getTime() ? 'before' : 'now';
}

function wayOf(
  ctx: Context,
  way: ComposeWay,
  message: ComposedMessage,
  around: { server: string; back: string; link: string },
): AssistedWay {
  const { carries, requires, byHandOnly } = way;
  const ready = requires === 'nothing' || around.server !== '';
  const post = { ...around, text: message.text, appId: appIdOf(ctx, way) };
  // A rule speaks of what is posted to by API, such as a page; people post to their own profile.
  const own = { ...message, label: way.label };
  return { message: own, carries, requires, byHandOnly, href: ready ? way.url(post) : null };
}

/** Each network's own app, where this instance has one. */
function appIdOf(ctx: Context, { name }: ComposeWay): string {
  const apps: Readonly<Record<string, unknown>> = { ...ctx.config.platforms };
  const app = apps[name] as { clientId?: unknown } | undefined;
  return typeof app?.clientId === 'string' ? app.clientId : '';
}

/** Longer than any message can be. */
const NO_LIMIT = 100_000;

/** The network's text rule; a network without posting by API has none. */
function ruleOf({ name, label }: ComposeWay): TextRule {
  const known = TEXT_RULES.find((rule) => rule.platform === name);
  return known ?? { platform: name, label, limit: NO_LIMIT, measure: (text) => [...text].length };
}

/** What came of assisted mode, counted apart from what was posted by API. Counts alone: no person is named. */
export interface AssistedReport {
  /** How many say that they posted by themselves. */
  posts: number;
  /** How many of those posts we could see ourselves. Only these are counted in public. */
  seen: number;
  reminders: ReminderTotals;
  /** Milliseconds after the moment at which the mail server took the reminders. */
  lateness: Lateness | null;
}

export async function reportAssisted(ctx: Context, campaignId: string): Promise<AssistedReport> {
  const posts = await countAssistedPosts(ctx.db, campaignId);
  return {
    posts: posts.said,
    seen: posts.seen,
    reminders: await countReminders(ctx.db, campaignId),
    lateness: summarise(await readMailLateness(ctx.db, campaignId)),
  };
}
