import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  API_PATHS,
  type ApiPath,
  type Fault,
  pickFault,
  REFUSALS,
  type Refusal,
} from './behaviour.ts';
import { draw, logNormal } from './dice.ts';
import type { OrderedFaults } from './faults.ts';
import type { Answer, Incoming, Platform, Step, World } from './platform.ts';
import type { PlatformRecord } from './record.ts';

const MAX_BODY_BYTES = 256 * 1024;
const MAX_LATENCY_MS = 60_000;
const AFTER_ACCEPT: Partial<Record<Fault, Refusal>> = {
  status500AfterAccept: 'status500',
  status502AfterAccept: 'status502',
  status503AfterAccept: 'status503',
};

interface Parts {
  world: World;
  platform: Platform;
  record: PlatformRecord;
  faults: OrderedFaults;
  seed: number;
}

/** Microseconds since 1970, by the one clock of this process. */
export function nowUs(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1_000);
}

/**
 * The way of every platform request: stamp, read, understand, draw a fault, carry out, record, answer.
 * Straight on node:http and without promises, because a burst of 100,000 posts must be limited by the one
 * who sends it and not by the witness.
 */
export function createPlatformServer(parts: Parts) {
  const hung = new Set<ServerResponse>();

  function handle(request: IncomingMessage, response: ServerResponse) {
    const atUs = nowUs();
    readBody(request, (body) => {
      const incoming = understand(request, atUs, body ?? '');
      if (body === undefined) return leave(incoming);
      const step = parts.platform.begin(incoming) ?? unknownPath(incoming);
      carryOut(incoming, step, response);
    });
  }

  function carryOut(incoming: Incoming, step: Step, response: ServerResponse) {
    const fault = chooseFault(parts, step);
    const nothing = fault === 'hangBefore' || fault === 'resetBefore';
    const answer = nothing ? undefined : answerOf(step, fault);
    const silent = nothing || fault === 'hangAfterAccept' || fault === 'resetAfterAccept';
    remember(incoming, step, silent ? null : (answer?.status ?? null), fault, answer);
    if (fault === 'hangBefore' || fault === 'hangAfterAccept') return hang(response);
    if (!answer || fault === 'resetAfterAccept') return void response.socket?.resetAndDestroy();
    const wait = latencyMs(parts, step);
    if (wait === 0) send(response, answer, fault);
    else setTimeout(send, wait, response, answer, fault);
  }

  function remember(
    incoming: Incoming,
    step: Step,
    status: number | null,
    fault: Fault | undefined,
    answer: Answer | undefined,
  ) {
    const post = answer?.post;
    parts.record.add(
      {
        at_us: incoming.atUs,
        method: incoming.method,
        path: incoming.path,
        route: step.path,
        status,
        account: step.account?.id ?? null,
        handle: step.account?.handle ?? null,
        ...(fault && { fault }),
        ...(post && { post: post.id, text: post.text }),
      },
      post,
    );
  }

  /** The client left before its request was whole. */
  function leave(incoming: Incoming) {
    remember(incoming, unknownPath(incoming), null, undefined, undefined);
  }

  function hang(response: ServerResponse) {
    hung.add(response);
    const timer = setTimeout(() => response.destroy(), parts.world.behaviour.hangSeconds * 1_000);
    response.once('close', () => {
      clearTimeout(timer);
      hung.delete(response);
    });
  }

  return {
    handle,
    /** Cuts every connection that waits for an answer that never comes. */
    releaseHung() {
      for (const response of hung) response.destroy();
    },
  };
}

/** Calls back with undefined when the client left or sent too much. */
function readBody(request: IncomingMessage, done: (body: string | undefined) => void) {
  if (request.method === 'GET') return done('');
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let size = 0;
  let finished = false;
  const finish = (body: string | undefined) => {
    if (finished) return;
    finished = true;
    done(body);
  };
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return request.destroy();
    if (first === undefined) first = chunk;
    else {
      more ??= [first];
      more.push(chunk);
    }
  });
  request.on('end', () => {
    const whole = more ? Buffer.concat(more) : first;
    finish(whole ? whole.toString('utf8') : '');
  });
  request.on('close', () => finish(undefined));
}

function understand(request: IncomingMessage, atUs: number, body: string): Incoming {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  return {
    atUs,
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: request.headers,
    body,
  };
}

function unknownPath(incoming: Incoming): Step {
  const body = JSON.stringify({
    title: 'Not Found',
    detail: `This simulator has no ${incoming.method} ${incoming.path}`,
    type: 'about:blank',
    status: 404,
  });
  const answer: Answer = { status: 404, headers: ['content-type', 'application/json'], body };
  return { path: 'other', account: undefined, run: () => answer, refuse: () => answer };
}

/** An ordered fault goes before chance. */
function chooseFault(parts: Parts, step: Step): Fault | undefined {
  const { account } = step;
  if (!isApiPath(step.path) || !account) return undefined;
  const { path } = step;
  const nth = (account.asked.get(path) ?? 0) + 1;
  account.asked.set(path, nth);
  const ordered = parts.faults.next(account, path);
  if (ordered) return ordered;
  const { errorRates, pathErrorRates } = parts.world.behaviour;
  const rates = path === 'tweets' ? errorRates : pathErrorRates[path];
  if (!rates || !hasAny(rates)) return undefined;
  return pickFault(rates, draw(parts.seed, `fault ${path}`, account.handle, nth));
}

function hasAny(rates: object): boolean {
  for (const _ in rates) return true;
  return false;
}

function isApiPath(path: string): path is ApiPath {
  return (API_PATHS as readonly string[]).includes(path);
}

function isRefusal(fault: Fault): fault is Refusal {
  return (REFUSALS as readonly string[]).includes(fault);
}

function answerOf(step: Step, fault: Fault | undefined): Answer {
  if (!fault) return step.run();
  if (isRefusal(fault)) return step.refuse(fault);
  const done = step.run();
  const instead = AFTER_ACCEPT[fault];
  return instead ? { ...step.refuse(instead), ...(done.post && { post: done.post }) } : done;
}

function latencyMs(parts: Parts, step: Step): number {
  const { kind, medianMs, sigma } = parts.world.behaviour.latency;
  if (kind === 'none' || !isApiPath(step.path)) return 0;
  if (kind === 'fixed') return medianMs;
  const subject = step.account?.handle ?? '';
  const nth = step.account?.asked.get(step.path) ?? 0;
  const u1 = draw(parts.seed, 'latency 1', subject, nth);
  const u2 = draw(parts.seed, 'latency 2', subject, nth);
  return Math.min(MAX_LATENCY_MS, logNormal(medianMs, sigma, u1, u2));
}

function send(response: ServerResponse, answer: Answer, fault: Fault | undefined) {
  if (response.destroyed) return;
  const length = Buffer.byteLength(answer.body);
  answer.headers.push('content-length', String(length));
  if (fault === 'truncated201') {
    response.writeHead(answer.status, answer.headers);
    const half = Buffer.from(answer.body).subarray(0, length >> 1);
    response.write(half, () => response.destroy());
    return;
  }
  response.writeHead(answer.status, answer.headers);
  response.end(fault === 'garbled201' ? garble(answer.body) : answer.body);
}

/** As long as before, and no longer JSON. */
function garble(body: string): Buffer {
  const bytes = Buffer.from(body);
  return bytes.fill(0x20, bytes.length >> 1);
}
