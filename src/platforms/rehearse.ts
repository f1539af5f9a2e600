import { createCrash } from '../crash.ts';
import type { PostOrder, PreparedPost, Rehearsal } from './platform.ts';
import { createSender, type Sender } from './sender.ts';
import { startStandIn } from './stand-in.ts';

/** What differs from one platform's rehearsal to another's. */
interface Way {
  /** A post as the platform takes it, headers and all. */
  taken: string;
  /** Of a token as it gives it; characters. */
  tokenLength: number;
  accountId: string;
  timeoutMs: number;
  prepare: (sender: Sender, origin: string) => (order: PostOrder) => PreparedPost;
}

/** The way of a post, to the byte, but to nobody. */
export async function startRehearsing(way: Way): Promise<Rehearsal> {
  const { origin, dispose } = await startStandIn(way.taken);
  const { timeoutMs } = way;
  const crash = createCrash('');
  const sender = createSender({ origin, warmPath: '/', timeoutMs, connections: 64, crash });
  const accessToken = 'x'.repeat(way.tokenLength);
  const post = way.prepare(
    sender,
    origin,
  )({
    postKey: 'rehearsal',
    account: { id: way.accountId, handle: 'rehearsal' },
    grant: { accessToken, refreshToken: null, expiresAt: null, scope: '' },
    text: 'A rehearsal of a post of the usual length, which nobody will ever read. '.repeat(3),
    locale: 'en',
    moment: new Date(0),
    staged: null,
  });
  return {
    post,
    dispose: () => {
      sender.dispose();
      dispose();
    },
  };
}
