import type { XConfig } from '../../../config/platforms.ts';
import { createCrash } from '../../crash.ts';
import type { PostOrder, Rehearsal } from '../platform.ts';
import { createSender } from '../sender.ts';
import { startStandIn } from '../stand-in.ts';
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
  'x-user-limit-24hour-limit: 9600',
  'x-user-limit-24hour-remaining: 9599',
  'x-user-limit-24hour-reset: 86400',
  `content-length: ${BODY.length}`,
  '',
  BODY,
].join('\r\n');

const ORDER: PostOrder = {
  deliveryId: 'rehearsal',
  account: { id: '1', handle: 'rehearsal' },
  grant: { accessToken: 'x'.repeat(90), refreshToken: null, expiresAt: null, scope: '' },
  text: 'A rehearsal of a post of the usual length, which nobody will ever read. '.repeat(3),
  locale: 'en',
  moment: new Date(0),
  staged: null,
};

/** The way of a post, to the byte, but to nobody. */
export async function startRehearsal(config: XConfig): Promise<Rehearsal> {
  const { origin, dispose } = await startStandIn(TAKEN);
  const { timeoutMs } = config;
  const crash = createCrash('');
  const sender = createSender({ origin, warmPath: '/', timeoutMs, connections: 64, crash });
  const post = createPrepare(sender, { ...config, apiUrl: origin })(ORDER);
  return {
    post,
    dispose: () => {
      sender.dispose();
      dispose();
    },
  };
}
