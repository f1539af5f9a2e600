import type { Assisted, AssistedWay } from '../actions/show-assisted.ts';
import type { AssistedView, AssistedWayView } from '../web/assisted-views.ts';
import type { Frame } from '../web/views.ts';
import { inLocale, momentView } from './views.ts';

/** Beyond any network's limit: nobody knows one. */
const NO_LIMIT = 100_000;

export function assistedView(
  shown: Assisted,
  frame: Frame,
  textLocale: string,
  said: AssistedView['said'],
): AssistedView {
  const { campaign, phase, now, server, reminders, confirmable, posts } = shown;
  return {
    ...frame,
    slug: campaign.slug,
    title: inLocale(campaign.content.title, textLocale),
    textLocale,
    moment: momentView(campaign.moment),
    phase,
    now: now.toISOString(),
    ways: shown.ways.map(wayView),
    fields: shown.blanks,
    server,
    reminders,
    confirmable,
    posts,
    said,
  };
}

function wayView({ message, carries, asks, byHandOnly, href }: AssistedWay): AssistedWayView {
  const { platform, label, text, length, limit } = message;
  const known = limit < NO_LIMIT ? limit : null;
  return { name: platform, label, text, length, limit: known, carries, asks, byHandOnly, href };
}

/** A campaign's id as it stands in addresses that must not name it. */
export function campaignCode(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

/** The id, or null where the code is none. */
export function readCampaignCode(code: string): string | null {
  const bytes = Buffer.from(code, 'base64url');
  if (bytes.length !== 16 || bytes.toString('base64url') !== code) return null;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
