import { createCrash } from '../crash.ts';
import { createSender, type Sender } from '../outbound/wire/sender.ts';
import { startStubServer } from '../outbound/wire/stub-server.ts';
import type { PostOrder, PreparedPost, WarmUp } from './platform.ts';

/** What differs from one platform's warm-up to another's. */
interface WarmUpPost {
  /** A post as the platform takes it, headers and all. */
  taken: string;
  /** Of a token as it gives it; characters. */
  tokenLength: number;
  accountId: string;
  timeoutMs: number;
  prepare: (sender: Sender, origin: string) => (order: PostOrder) => PreparedPost;
}

/** Posts as the platform's own are, to the byte, to a stub server. */
export async function createWarmUp(way: WarmUpPost): Promise<WarmUp> {
  const { origin, dispose } = await startStubServer(way.taken);
  const { timeoutMs } = way;
  const crash = createCrash('');
  const sender = createSender({ origin, probePath: '/', timeoutMs, connections: 64, crash });
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
