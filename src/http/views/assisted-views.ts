import type { Assisted, AssistedWay } from '../../actions/assisted/show-assisted.ts';
import type { AssistedView, AssistedWayView } from '../../web/views/assisted.ts';
import type { Frame } from '../../web/views/frame.ts';
import { campaignPath } from '../paths.ts';
import { inLocale, momentView } from './campaign-views.ts';
import { fieldView } from './join-views.ts';

/** Stands for a network without a known limit: larger than any. */
const NO_LIMIT = 100_000;

export function assistedView(
  shown: Assisted,
  frame: Frame,
  textLocale: string,
  path: string,
  notice: AssistedView['notice'],
): AssistedView {
  const { campaign, phase, now, server, reminders, confirmable, posts } = shown;
  return {
    ...frame,
    path,
    campaignHref: campaignPath(campaign.slug, frame.lang),
    title: inLocale(campaign.content.title, textLocale),
    textLocale,
    moment: momentView(campaign.moment),
    phase,
    now: now.toISOString(),
    ways: shown.ways.map(wayView),
    fields: shown.blanks.map(fieldView),
    server,
    reminders,
    confirmable,
    posts,
    notice,
  };
}

function wayView({ message, carries, requires, byHandOnly, href }: AssistedWay): AssistedWayView {
  const { platform, label, text, contentWarning, length, limit, unit } = message;
  const known = limit < NO_LIMIT ? limit : null;
  const told = { name: platform, label, text, length, limit: known, unit };
  const warned = contentWarning !== null && { contentWarning };
  return { ...told, ...warned, carries, requires, byHandOnly, href };
}
