import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import { ApiResponseError, type ITwitterApiClientPlugin, TwitterApi } from 'twitter-api-v2';
import type { XConfig } from '../../../config/platforms.ts';
import { Challenged, isChallenge } from '../../outbound/challenge.ts';
import { USER_AGENT } from '../../outbound/wire/user-agent.ts';

/** Clients of X's API at the configured address, sharing their connections. */
export interface XClients {
  /** Speaks as the app: authorization, tokens, revoking. */
  app(): TwitterApi;
  /** Speaks as a supporter. */
  user(accessToken: string): TwitterApi;
  dispose(): void;
}

/** For tokens, identities and timelines; posts have connections of their own. */
const MAX_SOCKETS = 512;

/**
 * The library has its hosts built in and no timeouts; one plugin gives every request, token calls included, the configured
 * address, our connections and a hard limit on its time. Compression is off, so that no answer is inflated. Bodies are parsed
 * by us: the library's own reading of an error body such as {"errors":[null]} throws outside of every promise, which would
 * end the process.
 */
export function createXClients(config: XConfig): XClients {
  const secure = config.apiUrl.startsWith('https:');
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS, maxFreeSockets: MAX_SOCKETS };
  const agent = secure ? new https.Agent(options) : new http.Agent(options);
  const plugin: ITwitterApiClientPlugin = {
    onBeforeRequest: ({ params, computedParams, requestOptions }) => {
      params.forceParseMode = 'text';
      const original = computedParams.url;
      computedParams.url = new URL(config.apiUrl + original.pathname + original.search);
      computedParams.headers['user-agent'] = USER_AGENT;
      requestOptions.agent = agent;
      requestOptions.signal = AbortSignal.timeout(config.timeoutMs);
    },
    onAfterRequest: ({ response }) => {
      throwIfChallenge(OK, response.headers, response.data);
      response.data = withScope(parseBody(response.data));
    },
    onResponseError: ({ error: { code, headers, data } }) => throwIfChallenge(code, headers, data),
  };
  const settings = { plugins: [plugin], compression: 'identity' as const };
  const appKeys = {
    clientId: config.clientId,
    ...(config.clientSecret ? { clientSecret: config.clientSecret.reveal() } : {}),
  };
  return {
    app: () => new TwitterApi(appKeys, settings),
    user: (accessToken) => new TwitterApi(accessToken, settings),
    dispose: () => agent.destroy(),
  };
}

/** The library tells the status of errors alone. */
const OK = 200;

/** @throws Challenged */
function throwIfChallenge(status: number, headers: IncomingHttpHeaders, body: unknown): void {
  const isShield = isChallenge({ status, headers, body: typeof body === 'string' ? body : '' });
  if (isShield) throw new Challenged();
}

/** The library splits the scope of any token answer, which need not have one: RFC 6749 5.1. */
function withScope(data: unknown): unknown {
  const answer = typeof data === 'object' ? (data as Record<string, unknown> | null) : null;
  const lacksIt = answer !== null && 'access_token' in answer && typeof answer.scope !== 'string';
  return lacksIt ? { ...answer, scope: '' } : data;
}

/** A body as the value it stands for; one that is not JSON stays the text that it is. */
export function parseBody(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** Whether X has refused a request for one of these parameters: 400 with `errors[].parameters`, or with its name in the words. */
export function isAboutParameter(error: unknown, names: readonly string[]): boolean {
  if (!(error instanceof ApiResponseError) || error.code !== 400) return false;
  const body = parseBody(error.data) as { errors?: unknown; detail?: unknown } | null | undefined;
  const errors = Array.isArray(body?.errors) ? (body.errors as unknown[]) : [];
  return [...errors, { message: body?.detail }].some((entry) => {
    const { parameters, message } = (entry ?? {}) as { parameters?: unknown; message?: unknown };
    const isNamed = (name: string): boolean =>
      (typeof parameters === 'object' && parameters !== null && Object.hasOwn(parameters, name)) ||
      (typeof message === 'string' && message.includes(name));
    return names.some(isNamed);
  });
}
