import type { XConfig } from '../../../config/platforms.ts';
import type { WarmUp } from '../platform.ts';
import { createWarmUp } from '../warm-up.ts';
import { createPrepare } from './post.ts';

const BODY = JSON.stringify({
  data: { id: '1', text: 'A rehearsal.', edit_history_tweet_ids: ['1'] },
});

/** A post as X takes it, headers and all. */
const TAKEN = [
  'HTTP/1.1 201 Created',
  'date: Thu, 01 Jan 1970 00:00:00 GMT',
  'content-type: application/json; charset=utf-8',
  'x-rate-limit-limit: 100',
  'x-rate-limit-remaining: 99',
  'x-rate-limit-reset: 900',
  'x-app-limit-24hour-limit: 10000',
  'x-app-limit-24hour-remaining: 9999',
  'x-app-limit-24hour-reset: 86400',
  'x-user-limit-24hour-limit: 9600',
  'x-user-limit-24hour-remaining: 9599',
  'x-user-limit-24hour-reset: 86400',
  `content-length: ${BODY.length}`,
  '',
  BODY,
].join('\r\n');

/** Posts as the platform's own are, to the byte, to a stub server. */
export function startWarmUp(config: XConfig): Promise<WarmUp> {
  return createWarmUp({
    taken: TAKEN,
    tokenLength: 90,
    accountId: '1',
    timeoutMs: config.timeoutMs,
    prepare: (sender, origin) => createPrepare(sender, { ...config, apiUrl: origin }),
  });
}
