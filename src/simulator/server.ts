import {
  API_PATHS,
  type ApiPath,
  type Fault,
  pickFault,
  REFUSALS,
  type SimulatedRefusal,
} from './behaviour.ts';
import { draw, logNormal } from './dice.ts';
import type { OrderedFaults } from './faults.ts';
import type {
  Caller,
  Incoming,
  Route,
  SimulatedPlatform,
  SimulatedResponse,
  World,
} from './platform.ts';
import type { PlatformRecord, RecordedPath } from './record.ts';
import { SHIELDS } from './shields.ts';
import { nowUs, type WireConnection } from './wire.ts';

const MAX_LATENCY_MS = 60_000;
const AFTER_ACCEPT: Partial<Record<Fault, SimulatedRefusal>> = {
  status200HtmlAfterAccept: 'status200Html',
  status500AfterAccept: 'status500',
  status502AfterAccept: 'status502',
  status503AfterAccept: 'status503',
};

/** What GoToSocial answers to requests without a User-Agent; every network does here, so that no request of ours goes without. */
export const NAMELESS: SimulatedResponse = {
  status: 418,
  headers: 'content-type: application/json\r\n',
  body: JSON.stringify({ error: "I'm a teapot: no user-agent sent with request" }),
};

export function isNameless({ headers }: Pick<Incoming, 'headers'>): boolean {
  return (headers['user-agent'] ?? '') === '';
}

interface Parts<C extends Caller> {
  world: World;
  platform: SimulatedPlatform<C>;
  record: PlatformRecord;
  faults: OrderedFaults;
  seed: number;
}

/**
 * The way of every platform request: understand, draw a fault, carry out, record, answer. No promise on it:
 * the record holds a post before a byte of its answer leaves.
 */
export function createPlatformServer<C extends Caller>(parts: Parts<C>) {
  const { platform, record, world } = parts;

  function handle(request: Incoming, connection: WireConnection) {
    if (isNameless(request)) return refuseNameless(request, connection);
    const { challenge } = world.behaviour;
    if (challenge !== 'none') return shield(request, connection, SHIELDS[challenge]);
    const route = platform.route(request);
    if (!route) return unknownPath(request, connection);
    const caller = route.identify(request);
    const fault = chooseFault(parts, route.path, caller);
    const answer = answerOf(route, request, caller, fault);
    const silent = !answer || fault === 'hangAfterAccept' || fault === 'resetAfterAccept';
    remember(request, route.path, caller, silent ? null : answer.status, fault, answer);
    if (fault === 'hangBefore' || fault === 'hangAfterAccept') {
      connection.hang(world.behaviour.hangSeconds);
    } else if (silent) {
      connection.reset();
    } else {
      const wait = latencyMs(parts, route.path, caller) + (answer.lateMs ?? 0);
      if (wait === 0) send(connection, answer, fault);
      else setTimeout(send, wait, connection, answer, fault);
    }
  }

  /** Undefined: the fault leaves nothing to answer. */
  function answerOf(route: Route<C>, request: Incoming, caller: C, fault: Fault | undefined) {
    if (!fault) return route.run(request, caller);
    if (isRefusal(fault)) return platform.refuse(fault, request);
    if (fault === 'hangBefore' || fault === 'resetBefore') return undefined;
    const done = route.run(request, caller);
    const instead = AFTER_ACCEPT[fault];
    return instead ? { ...platform.refuse(instead, request), ...pick(done) } : done;
  }

  function remember(
    request: Incoming,
    route: RecordedPath,
    { account }: Caller,
    status: number | null,
    fault?: Fault,
    answer?: SimulatedResponse,
  ) {
    const post = answer?.post;
    record.add(
      {
        at_us: request.atUs,
        method: request.method,
        path: request.path,
        route,
        status,
        account: account?.id ?? null,
        handle: account?.handle ?? null,
        ...(fault && { fault }),
        ...(post && { post: post.id, text: post.text }),
        ...(post?.spoiler_text !== undefined && { spoiler_text: post.spoiler_text }),
      },
      post,
    );
  }

  /** The network itself sees nothing of it. */
  function shield(request: Incoming, connection: WireConnection, answer: SimulatedResponse) {
    remember(request, platform.route(request)?.path ?? 'other', {}, answer.status);
    connection.answer(answer);
  }

  function refuseNameless(request: Incoming, connection: WireConnection) {
    remember(request, 'other', {}, NAMELESS.status);
    connection.answer(NAMELESS);
  }

  function unknownPath(request: Incoming, connection: WireConnection) {
    remember(request, 'other', {}, 404);
    const detail = `This simulator has no ${request.method} ${request.path}`;
    const body = { title: 'Not Found', detail, type: 'about:blank', status: 404 };
    const headers = 'content-type: application/json\r\n';
    const answer = { status: 404, headers, body: JSON.stringify(body) };
    // What lies between is as far for those who only knock.
    const { kind, medianMs } = world.behaviour.latency;
    if (kind === 'none') connection.answer(answer);
    else setTimeout(() => connection.answer(answer), medianMs);
  }

  return {
    handle,
    abandoned: (request: Incoming) => remember(request, 'other', {}, null),
  };
}

function pick({ post }: SimulatedResponse): Pick<SimulatedResponse, 'post'> {
  return post ? { post } : {};
}

/** An ordered fault goes before chance. */
export function chooseFault<C extends Caller>(
  { world, faults, seed }: Pick<Parts<C>, 'world' | 'faults' | 'seed'>,
  path: RecordedPath,
  { account }: Caller,
): Fault | undefined {
  if (!account || !isApiPath(path)) return undefined;
  const nth = (account.asked.get(path) ?? 0) + 1;
  account.asked.set(path, nth);
  const ordered = faults.next(account, path);
  if (ordered) return ordered;
  const { errorRates, pathErrorRates } = world.behaviour;
  const rates = path === 'posts' ? errorRates : pathErrorRates[path];
  if (!rates || isEmpty(rates)) return undefined;
  return pickFault(rates, draw(seed, `fault ${path}`, account.handle, nth));
}

/** How long the site takes to answer this one. */
export function latencyMs<C extends Caller>(
  { world, seed }: Pick<Parts<C>, 'world' | 'seed'>,
  path: RecordedPath,
  { account }: Caller,
): number {
  const { kind, medianMs, sigma } = world.behaviour.latency;
  if (kind === 'none' || !isApiPath(path)) return 0;
  if (kind === 'fixed') return medianMs;
  const subject = `${path} ${account?.handle ?? ''}`;
  const nth = account?.asked.get(path) ?? 0;
  const u1 = draw(seed, 'latency 1', subject, nth);
  const u2 = draw(seed, 'latency 2', subject, nth);
  return Math.min(MAX_LATENCY_MS, logNormal(medianMs, sigma, u1, u2));
}

function send(connection: WireConnection, answer: SimulatedResponse, fault: Fault | undefined) {
  if (answer.post) answer.post.answered_us = nowUs();
  if (fault === 'truncated201') connection.truncate(answer);
  else if (fault === 'garbled201') connection.answer({ ...answer, body: garble(answer.body) });
  else connection.answer(answer);
}

/** No longer JSON. */
function garble(body: string): string {
  return body.slice(0, body.length >> 1);
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}

function isApiPath(path: string): path is ApiPath {
  return (API_PATHS as readonly string[]).includes(path);
}

function isRefusal(fault: Fault): fault is SimulatedRefusal {
  return (REFUSALS as readonly string[]).includes(fault);
}
