import type { LinkedinConfig } from '../../../config/platforms.ts';
import { createCrash } from '../../crash.ts';
import type { PostOrder, Rehearsal } from '../platform.ts';
import { createSender } from '../sender.ts';
import { startStandIn } from '../stand-in.ts';
import { createPrepare } from './post.ts';

/** A post as LinkedIn takes it, headers and all. */
const TAKEN = [
  'HTTP/1.1 201 Created',
  'date: Thu, 01 Jan 1970 00:00:00 GMT',
  'x-restli-id: urn:li:share:7000000000000000000',
  'x-restli-protocol-version: 2.0.0',
  'content-length: 0',
  '',
  '',
].join('\r\n');

const ORDER: PostOrder = {
  deliveryId: 'rehearsal',
  account: { id: 'rehearsal1', handle: 'rehearsal' },
  grant: { accessToken: 'x'.repeat(350), refreshToken: null, expiresAt: null, scope: '' },
  text: 'A rehearsal of a post of the usual length, which nobody will ever read. '.repeat(3),
  locale: 'en',
  moment: new Date(0),
  staged: null,
};

/** The way of a post, to the byte, but to nobody. */
export async function startRehearsal(config: LinkedinConfig): Promise<Rehearsal> {
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
