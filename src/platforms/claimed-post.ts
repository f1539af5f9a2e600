import { COMPOSE_WAYS } from './index.ts';

/** The longest address that is read. */
const MAX_ADDRESS = 2_000;

/** A post that a supporter says they made. */
export interface ClaimedPost {
  /** The network that its host is of; of no network's host, the one that has many servers. */
  platform: string;
  address: URL;
  /** Under which it is counted: the same for every way of writing the address. */
  key: string;
}

/**
 * The post at an address; null when it cannot be one: not https, or on a network's own host and yet no post there. `isOurs`: hosts of
 * the operator's own network, such as a simulator's, which may have a port and no https.
 */
export function claimedPost(
  address: string,
  isOurs: (host: string) => boolean = () => false,
): ClaimedPost | null {
  const text = address.trim();
  if (text.length > MAX_ADDRESS || !URL.canParse(text)) return null;
  const url = new URL(text);
  const ours = isOurs(url.host);
  const host = ours ? url.host : url.hostname.replace(/^(?:www|m|mobile|web)\./, '');
  const plain = url.protocol === 'https:' && url.port === '' && /\.[a-z][a-z0-9-]+$/.test(host);
  if (url.username !== '' || url.password !== '' || !(plain || ours)) return null;
  const way =
    COMPOSE_WAYS.find(({ hosts }) => hosts?.includes(host)) ??
    COMPOSE_WAYS.find(({ hosts }) => hosts === null);
  const key = way?.postKey(url) ?? null;
  if (!way || key === null) return null;
  const where = way.hosts === null ? host : '';
  return { platform: way.name, address: url, key: `${way.name}/${where}/${key}` };
}
