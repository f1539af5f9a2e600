import type { LinkedinConfig } from '../../../config/platforms.ts';
import type { WarmUp } from '../platform.ts';
import { createWarmUp } from '../warm-up.ts';
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

/** Posts as the platform's own are, to the byte, to a stub server. */
export function startWarmUp(config: LinkedinConfig): Promise<WarmUp> {
  return createWarmUp({
    taken: TAKEN,
    tokenLength: 350,
    accountId: 'rehearsal1',
    timeoutMs: config.timeoutMs,
    prepare: (sender, origin) => createPrepare(sender, { ...config, apiUrl: origin }),
  });
}
