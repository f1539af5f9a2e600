import { ConfigurationError } from '../domain/errors.ts';
import { didYouMean } from '../domain/suggest.ts';

/** libpq's words, and one of pg's own. pg takes any other for no TLS at all, and says nothing. */
const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/**
 * The address as `pg` is to read it. It takes `require`, `prefer` and `verify-ca` for `verify-full` and prints a warning for each;
 * and it takes `sslrootcert=system`, libpq's word for the authorities that the machine knows, for the name of a file.
 * @throws ConfigurationError for an `sslmode` that there is not.
 */
export function plainAddress(url: string): string {
  const [before = '', query] = url.split(/\?(.*)/s);
  if (query === undefined) return url;
  for (const mode of new URLSearchParams(query).getAll('sslmode')) {
    if (!MODES.includes(mode)) throw wrongMode(mode);
  }
  const parameters = query.split('&').filter((one) => !/^sslrootcert=system$/i.test(one));
  const compatible = parameters.some((one) => /^uselibpqcompat=true$/i.test(one));
  const read = parameters.map((one) =>
    compatible ? one : one.replace(/^sslmode=(require|prefer|verify-ca)$/i, 'sslmode=verify-full'),
  );
  return read.length === 0 ? before : `${before}?${read.join('&')}`;
}

function wrongMode(mode: string): ConfigurationError {
  const mend = didYouMean(mode, MODES) || `; there are ${MODES.join(', ')}`;
  return new ConfigurationError(`DATABASE_URL: there is no sslmode "${mode}"${mend}`);
}
