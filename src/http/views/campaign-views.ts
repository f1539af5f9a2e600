import type { CampaignRecord, Totals } from '../../actions/campaign/records.ts';
import type { PublicCampaign } from '../../actions/campaign/show-campaign.ts';
import type { DeliveryReport } from '../../actions/delivery/show-delivery.ts';
import type { ComposedMessage } from '../../actions/message/compose-message.ts';
import type { PlatformStanding } from '../../actions/platform/list-platforms.ts';
import type { StandingHold } from '../../actions/stop/stop-target.ts';
import {
  AHEAD,
  type CampaignState,
  commonContent,
  OVER,
  UNDER_WAY,
} from '../../domain/campaign.ts';
import { STILL_TO_GO } from '../../domain/delivery.ts';
import type { Finding } from '../../domain/health/health.ts';
import type { Moment } from '../../domain/moment.ts';
import { type PageLanguages, pickLocale } from '../../web/index.ts';
import type {
  CampaignCard,
  CampaignView,
  MomentView,
  ResultView,
  TextOn,
} from '../../web/views/campaign.ts';
import type { DeliveryFigures } from '../../web/views/delivery.ts';
import type { Frame } from '../../web/views/frame.ts';
import type { FindingView, HoldView, ReadinessView, StopView } from '../../web/views/health.ts';
import type { Over, WayBack } from '../../web/views/notice.ts';
import type { OperatorPlatform } from '../../web/views/operator.ts';
import { assistedPath, joinPath } from '../campaign-code.ts';
import { campaignPath } from '../paths.ts';
import { pictureView, updateViews } from './content-views.ts';

/** What the actions give, as the pages want it. */

export function momentView(moment: Moment): MomentView {
  return { instant: moment.instant.toISOString(), wall: moment.wall, zone: moment.zone };
}

/** A campaign's own text in a language, which it has, or else in its first. */
export function inLocale(text: Readonly<Record<string, string>>, locale: string): string {
  return text[locale] ?? Object.values(text)[0] ?? '';
}

/** The same for a text that a campaign need not have. */
function textIn(text: Readonly<Record<string, string>> | undefined, locale: string) {
  return text === undefined ? null : inLocale(text, locale);
}

/** A campaign's title for operators, whose pages are in English. */
export function titleForOperators({ content }: CampaignRecord) {
  const textLocale = pickLocale(undefined, 'en', content.locales);
  return { title: inLocale(content.title, textLocale), textLocale };
}

export function campaignCard(
  campaign: CampaignRecord,
  { textLocale, lang }: PageLanguages,
): CampaignCard {
  return {
    slug: campaign.slug,
    href: campaignPath(campaign.slug, lang),
    title: inLocale(campaign.content.title, textLocale),
    textLocale,
    organiser: campaign.content.organiser.name,
    moment: momentView(campaign.moment),
    state: campaign.state,
  };
}

export function campaignView(
  shown: PublicCampaign,
  frame: Frame,
  textLocale: string,
): Omit<CampaignView, 'follow'> {
  const { campaign } = shown;
  const { content } = campaign;
  return {
    ...frame,
    ...commonContent(content),
    slug: campaign.slug,
    state: shown.state,
    title: inLocale(content.title, textLocale),
    story: inLocale(content.story, textLocale),
    textLocale,
    addressee: textIn(content.addressee, textLocale),
    letter: textIn(content.letter, textLocale),
    picture: pictureView(shown, textLocale),
    updates: updateViews(shown, textLocale),
    reach: shown.reach,
    shareHref: `${campaignPath(campaign.slug)}/share?lang=${frame.lang}`,
    joined: shown.joined,
    moment: momentView(campaign.moment),
    daysLeft: shown.daysLeft,
    closesAt: campaign.lockAt.toISOString(),
    options: shown.messages.map(textOn),
    wordings: shown.wordings,
    ownWords: content.ownWords === true,
    joinHref: joinPath(campaign.id, frame.lang),
    assistedHref: assistedPath(campaign.id, frame.lang),
    result: resultView(shown),
  };
}

/** One text on one platform, as pages show it. */
export function textOn(composed: ComposedMessage): TextOn {
  const { platform, label, text, contentWarning, length, limit, unit } = composed;
  const { refused, leavesNames } = composed;
  return {
    ...{ platform, label, text, length, limit, unit },
    ...(contentWarning !== null && { contentWarning }),
    ...(refused && { refused }),
    ...(leavesNames && { leavesNames }),
  };
}

/** How a campaign ended; null while it has not. */
export function overIn(state: CampaignState): Over | null {
  switch (state) {
    case 'settled':
    case 'cancelled':
    case 'aborted':
    case 'missed_goal':
    case 'rejected':
      return state;
    case 'draft':
    case 'in_review':
    case 'open':
    case 'locked':
    case 'firing':
      return null;
  }
}

/** Back to the words that were chosen, or else to the campaign. */
export function backTo(
  campaign: CampaignRecord,
  intentToken: string | null,
  languages: PageLanguages,
): WayBack;
export function backTo(
  campaign: CampaignRecord | null,
  intentToken: string | null,
  languages: PageLanguages,
): WayBack | null;
export function backTo(
  campaign: CampaignRecord | null,
  intentToken: string | null,
  languages: PageLanguages,
): WayBack | null {
  if (!campaign) return null;
  const { lang, textLocale } = languages;
  const path = intentToken === null ? campaignPath(campaign.slug) : `/i/${intentToken}`;
  return {
    href: `${path}?lang=${lang}`,
    title: inLocale(campaign.content.title, textLocale),
    textLocale,
    assistedHref: AHEAD.includes(campaign.state) ? assistedPath(campaign.id, lang) : null,
  };
}

/** The page that asks for a wider permission, with which a missing page may be found. */
export function missingHref(back: WayBack | null, platform: string | null = null): string | null {
  return back && platform !== null ? `${back.href}&more=${platform}` : null;
}

function resultView({ totals, refusedBy, byHand, burst }: PublicCampaign): ResultView | null {
  if (!totals) return null;
  const total = Object.values(totals).reduce((sum, count) => sum + count, 0);
  return {
    posted: totals.posted,
    total: total - totals.withdrawn,
    unconfirmed: totals.unconfirmed,
    stillToCome: stillToCome(totals),
    refused: totals.refused + totals.dropped,
    refusedBy,
    byHand,
    lateness: burst?.lateness ?? null,
    curve: burst?.curve ?? [],
  };
}

/** Posts that have not been sent and may still be. */
export function stillToCome(totals: Totals): number {
  return STILL_TO_GO.reduce((sum, state) => sum + totals[state], 0);
}

/** What `ctx.platforms` knows of names. */
type Labels = ReadonlyMap<string, { label: string }>;

export function deliveryFiguresView(report: DeliveryReport, labels: Labels): DeliveryFigures {
  return {
    at: report.at.toISOString(),
    state: report.state,
    looking: report.looking,
    pledges: report.pledges,
    totals: report.totals,
    lateness: report.lateness,
    curve: report.curve,
    reasons: report.reasons,
    workers: report.workers,
    findings: report.findings.map(findingView),
    holds: report.holds.map((hold) => holdView(hold, labels)),
    readiness: readinessView(report, labels),
    assisted: assistedFigures(report),
  };
}

function assistedFigures({ campaign, assisted }: DeliveryReport): DeliveryFigures['assisted'] {
  const { posts, reminders, lateness } = assisted;
  return { posts, reminders: campaign.content.reminders ? reminders : null, lateness };
}

function readinessView({ readiness }: DeliveryReport, labels: Labels): ReadinessView | null {
  if (!readiness) return null;
  const { pledges, ready, dead, barred, unchecked } = readiness;
  const app = readiness.app.map(({ platform, ok, trouble, detail, checkedAt, restsUntil }) => ({
    label: labels.get(platform)?.label ?? platform,
    ok,
    trouble,
    detail,
    checkedAt: checkedAt.toISOString(),
    restsUntil: restsUntil?.toISOString() ?? null,
  }));
  return { pledges, ready, dead, barred, unchecked, app };
}

/** What was found about the instance, for operators. */
export function findingView({ since, ...finding }: Finding): FindingView {
  return { ...finding, since: since.toISOString() };
}

/** Where the form that lets sending go on after a restore posts to. */
export const RELEASE = '/ops/instance/release';

export function holdView(hold: StandingHold, labels: Labels): HoldView {
  const { scope, kind, subject } = hold;
  return {
    scope,
    kind,
    subject:
      scope === 'platform' || scope === 'host' ? (labels.get(subject)?.label ?? subject) : subject,
    who: hold.actor,
    since: hold.at.toISOString(),
    until: hold.until?.toISOString() ?? null,
    reason: hold.reason,
    releaseAction: kind === 'restored' ? RELEASE : null,
  };
}

/** The buttons for one campaign; null once it is over. Before it is open there is nothing to pause. */
export function campaignStop({ slug, state }: CampaignRecord): StopView | null {
  if (OVER.includes(state)) return null;
  const stop = stopView('this campaign', slug, `/ops/campaigns/${slug}`);
  return UNDER_WAY.includes(state) ? stop : { ...stop, pauseAction: null, resumeAction: null };
}

export function operatorPlatform(standing: PlatformStanding): OperatorPlatform {
  const { name, policy, acceptance, lapsed, ...shown } = standing;
  const base = `/ops/platforms/${name}`;
  const acceptable = policy !== null && !shown.offered;
  return {
    ...{ name, label: shown.label, connected: shown.connected, simulated: shown.simulated },
    offered: shown.offered,
    rules: policy,
    acceptance: acceptance && {
      who: acceptance.actor,
      at: acceptance.at.toISOString(),
      lapsed,
    },
    acceptAction: acceptable ? `${base}/accept` : null,
    withdrawAction: acceptance ? `${base}/withdraw` : null,
  };
}

/** The buttons for the instance and for each platform. */
export function wideStops(labels: Labels): StopView[] {
  const platforms = [...labels].map(([name, { label }]) =>
    stopView(label, name, `/ops/platforms/${name}`),
  );
  return [stopView('everything', 'instance', '/ops/instance'), ...platforms];
}

function stopView(label: string, confirm: string, base: string): StopView {
  return {
    label,
    confirm,
    pauseAction: `${base}/pause`,
    resumeAction: `${base}/resume`,
    abortAction: `${base}/abort`,
  };
}
