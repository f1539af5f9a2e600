import type { LinkedinConfig } from '../../../config/platforms.ts';
import type { Rehearsal } from '../platform.ts';
import { startRehearsing } from '../rehearse.ts';
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

/** The way of a post, to the byte, but to nobody. */
export function startRehearsal(config: LinkedinConfig): Promise<Rehearsal> {
  return startRehearsing({
    taken: TAKEN,
    tokenLength: 350,
    accountId: 'rehearsal1',
    timeoutMs: config.timeoutMs,
    prepare: (sender, origin) => createPrepare(sender, { ...config, apiUrl: origin }),
  });
}
