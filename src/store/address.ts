/**
 * The address as `pg` is to read it. It takes `require`, `prefer` and `verify-ca` for `verify-full` and prints a warning for each;
 * and it takes `sslrootcert=system`, libpq's word for the authorities that the machine knows, for the name of a file.
 */
export function plainAddress(url: string): string {
  const [before = '', query] = url.split(/\?(.*)/s);
  if (query === undefined) return url;
  const parameters = query.split('&').filter((one) => !/^sslrootcert=system$/i.test(one));
  const compatible = parameters.some((one) => /^uselibpqcompat=true$/i.test(one));
  const read = parameters.map((one) =>
    compatible ? one : one.replace(/^sslmode=(require|prefer|verify-ca)$/i, 'sslmode=verify-full'),
  );
  return read.length === 0 ? before : `${before}?${read.join('&')}`;
}
