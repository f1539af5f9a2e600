import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { composeMessage, messageWords } from '../../src/actions/message/compose-message.ts';
import { parseCampaignYaml, validateCampaign } from '../../src/domain/campaign-input.ts';
import { momentAt } from '../../src/domain/moment.ts';
import { TEXT_RULES } from '../../src/platforms/index.ts';
import { repository } from '../support/child.ts';

export const ZONE = 'Europe/Moscow';

/** The reference campaign as a document, its moment the first whole second at or after `notBefore`. */
export async function referenceAt(notBefore: Date): Promise<Record<string, unknown>> {
  const text = await readFile(join(repository, 'config/campaigns/reference.yaml'), 'utf8');
  const moment = momentAt(notBefore, ZONE);
  return {
    ...(parseCampaignYaml(text) as Record<string, unknown>),
    slug: 'bench',
    moment: { at: moment.wall, zone: moment.zone },
  };
}

/** The text that every post of a bench carries. */
export async function referenceText(): Promise<string> {
  const now = new Date();
  const document = await referenceAt(new Date(now.getTime() + 3_600_000));
  const { content } = validateCampaign(document, TEXT_RULES, now);
  const [rule] = TEXT_RULES;
  if (!rule) throw new Error('There is no platform to post to');
  return composeMessage(content, messageWords('en'), rule).text;
}
