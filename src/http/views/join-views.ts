import type { CampaignRecord } from '../../actions/campaign/records.ts';
import type { OfferedWay, ShownAgain, ShownIntent } from '../../actions/join/show-intent.ts';
import type { ShownWords } from '../../actions/join/show-words.ts';
import type { AsksMore, LocatorRefusal } from '../../actions/join/start-join.ts';
import type { Blank } from '../../actions/message/read-words.ts';
import type { FieldProblem } from '../../domain/errors.ts';
import type { PageLanguages } from '../../web/index.ts';
import type { Frame } from '../../web/views/frame.ts';
import type {
  AccountOption,
  AccountView,
  BeforeView,
  JoinField,
  ProblemView,
  WordsView,
} from '../../web/views/join.ts';
import { assistedPath, campaignCode, joinPath } from '../campaign-code.ts';
import { toFrame } from '../pages.ts';
import { inLocale, momentView, textOn } from './campaign-views.ts';

/** What the pages on which people join are made of. */

export function beforeView(
  campaign: CampaignRecord,
  frame: Frame,
  textLocale: string,
  exitHref: string,
): BeforeView {
  return {
    ...frame,
    campaignTitle: inLocale(campaign.content.title, textLocale),
    textLocale,
    moment: momentView(campaign.moment),
    wordsHref: joinPath(campaign.id, frame.lang, '/words'),
    assistedHref: assistedPath(campaign.id, frame.lang),
    exitHref,
  };
}

/**
 * `path`: the page's own, whose form posts to itself. The menu of languages changes the text with the page, where the campaign is
 * written in the language that is chosen.
 */
export function wordsView(
  shown: ShownWords,
  languages: PageLanguages,
  path: string,
  exitHref: string,
): WordsView {
  const { campaign, textLocale } = shown;
  const frame = toFrame(languages, path, {
    query: (tag) => ({ text: languages.spoken.includes(tag) ? tag : textLocale }),
  });
  const base = `${path}?lang=${frame.lang}`;
  return {
    ...frame,
    campaignTitle: inLocale(campaign.content.title, textLocale),
    textLocale,
    textLocales: campaign.content.locales.map((tag) => ({
      tag,
      href: `${base}&text=${tag}`,
      current: tag === textLocale,
    })),
    action: path,
    countAction: `/join/${campaignCode(campaign.id)}/count?lang=${frame.lang}`,
    wordings: shown.wordings.map(({ variant, text, on }) => ({
      ...{ variant, text },
      on: on.map(textOn),
    })),
    notice: problemView(shown.problems.find(({ field }) => field === 'wording') ?? null),
    chosen: shown.chosen,
    fields: shown.blanks.map(fieldView),
    own: ownView(shown),
    backHref: joinPath(campaign.id, frame.lang),
    exitHref,
  };
}

export function ownView({ own, problems }: ShownWords): WordsView['own'] {
  return {
    allowed: own.allowed,
    value: own.value,
    problem: problemView(problems.find(({ field }) => field === 'own') ?? null),
    on: own.on.map(textOn),
  };
}

export function fieldView({ name, value, problem }: Blank): JoinField {
  return { name, value, problem: problemView(problem) };
}

function problemView(problem: FieldProblem | null): ProblemView | null {
  if (problem?.kind === undefined) return null;
  return { kind: problem.kind, values: problem.values ?? {} };
}

/** What was typed for servers and handles, by the platform's name, and what was wrong with one of them. */
export interface TypedLocator {
  typed: Readonly<Record<string, string>>;
  refused: LocatorRefusal | null;
  /** What the server that was typed wants to be allowed beside the usual. */
  more: AsksMore | null;
}

export function accountView(
  shown: ShownIntent,
  frame: Frame,
  path: string,
  notice: AccountView['notice'],
  where: TypedLocator,
  exitHref: string,
): AccountView {
  const { campaign, textLocale, text, hash, again } = shown;
  return {
    ...frame,
    campaignTitle: inLocale(campaign.content.title, textLocale),
    text,
    textHash: hash,
    textLocale,
    moment: momentView(campaign.moment),
    closesAt: campaign.lockAt.toISOString(),
    options: shown.ways.map((way) => optionView(way, where, again)),
    action: `${path}/join`,
    wordsHref: again ? null : `${path}/words?lang=${frame.lang}`,
    again: again && {
      platformLabel: again.label,
      receiptHref: `/r/${again.receiptToken}?lang=${frame.lang}`,
    },
    assistedHref: assistedPath(campaign.id, frame.lang),
    notice,
    exitHref,
  };
}

function optionView(way: OfferedWay, where: TypedLocator, again: ShownAgain | null): AccountOption {
  const { fits, requires, knownPlaces, returns } = way;
  const own = where.refused?.platform === way.platform ? where.refused : null;
  const more = where.more?.platform === way.platform ? where.more : null;
  const isFixed = again !== null && requires === 'server';
  const typed = isFixed ? again.where : (where.typed[way.platform] ?? again?.where ?? '');
  const permission = more?.permission ?? way.permission;
  return {
    ...textOn(way),
    ...{ fits, requires, typed, isFixed, permission, returns },
    known: requires === 'server' && !isFixed ? knownPlaces : [],
    problem: own?.problem ?? null,
    guess: isFixed ? null : (own?.guess ?? null),
    more: more && { server: more.server, scope: more.scope, agreement: more.agreement },
  };
}
