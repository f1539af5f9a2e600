import { ConfigurationError } from '../src/domain/errors.ts';
import { Secret } from './secrets.ts';

/** An address of the web, without a trailing slash. @throws ConfigurationError */
export function web(name: string, value: string): string {
  const parsed = parseUrl(name, value);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw new ConfigurationError(`${name}: must start with http:// or https://`);
  }
  return value.replace(/\/+$/, '');
}

/** Every page is at a fixed path, so the address has none; nor what else an address can carry. */
export function origin(name: string, value: string): string {
  const parsed = new URL(web(name, value));
  if (parsed.href !== `${parsed.origin}/`) {
    throw new ConfigurationError(
      `${name}: must be a scheme, a host and, if need be, a port, such as https://tocsin.example`,
    );
  }
  return parsed.origin;
}

/** Connection strings carry passwords, so they are secrets and are not repeated in an error. */
export function url(name: string, value: string, protocols: readonly string[]): Secret | null {
  if (value === '') return null;
  const parsed = URL.canParse(value) ? new URL(value) : null;
  const [scheme = ''] = /^[a-z]+:/i.exec(value) ?? [];
  if (parsed === null && !protocols.includes(scheme.toLowerCase())) parseUrl(name, value);
  if (parsed !== null && !protocols.includes(parsed.protocol)) {
    throw new ConfigurationError(`${name}: must start with ${protocols.join('// or ')}//`);
  }
  if (parsed === null || parsed.hash !== '' || /@/.test(parsed.pathname + parsed.search)) {
    throw new ConfigurationError(`${name}: is not an address (a URL is expected); ${ENCODE}`);
  }
  if (parsed.hostname === '' && !parsed.searchParams.get('host')) {
    throw new ConfigurationError(
      `${name}: names no server; write ${protocols[0]}//USER:PASSWORD@HOST/…`,
    );
  }
  return new Secret(value);
}

const ENCODE = 'in a user name or password write / as %2F, @ as %40, # as %23, ? as %3F, : as %3A';

function parseUrl(name: string, value: string): URL {
  try {
    return new URL(value);
  } catch {
    throw new ConfigurationError(`${name}: is not an address (a URL is expected)`);
  }
}
