import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { showDelivery } from '../actions/delivery/show-delivery.ts';
import type { Context } from '../context.ts';
import { deliveryFigures, tickClock } from '../web/index.ts';
import { findOperator } from './guards.ts';
import { deliveryFiguresView, momentView } from './views/campaign-views.ts';

/** However fast things change, the figures are read from the records no more often than this. */
const MIN_GAP_MS = 500;
/** Without a change they are sent again after this time, for the workers' signs of life. */
const MAX_GAP_MS = 5_000;
/** Something is sent at least this often, so that a page that hears nothing for 5 s knows that it is cut off. */
const TICK_MS = 2_000;

/** Why a stream ends that the page should not open again at once: the session is over, or this process stops. */
type EndReason = 'session' | 'stopping';

/**
 * The figures as they change, in three events: `figures`, with the rendered fragment; `tick`, with the time on the clock of the
 * campaign's zone, when there is nothing new; `end`, with the reason. The id of each is the time at which it was sent, in
 * milliseconds since 1970, so that the page can tell how long it was on its way. A `tick` is sent only after the database has
 * answered. Ends with the session and with the instance.
 */
export async function streamFigures(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { slug } = request.params as { slug: string };
  const { campaign } = await showDelivery(ctx, { slug });
  const { zone } = campaign.moment;
  const closed = new AbortController();
  reply.sse.onClose(() => closed.abort());
  const signal = AbortSignal.any([closed.signal, ctx.stopping]);
  const send = (event: string, data: string) =>
    reply.sse.send({ id: String(Math.round(ctx.clock.now())), event, data });
  const changes = watch(ctx, campaign.id);
  let staleAt = 0;
  try {
    while (!signal.aborted) {
      // A session that has ended ends what it opened.
      if ((await findOperator(ctx, request)) === null) {
        await send('end', 'session' satisfies EndReason);
        return;
      }
      // Read only now that changes are heard, or one in between would be missed.
      if (changes.take() || performance.now() >= staleAt) {
        await send('figures', await readFigures(ctx, slug));
        staleAt = performance.now() + MAX_GAP_MS;
        await pauseBetween(MIN_GAP_MS, signal);
      } else {
        await send('tick', tickClock(ctx.clock.now(), zone));
      }
      await Promise.race([changes.next(), pauseBetween(TICK_MS, signal)]);
    }
    if (!closed.signal.aborted) await send('end', 'stopping' satisfies EndReason);
  } finally {
    changes.stop();
  }
}

async function readFigures(ctx: Context, slug: string): Promise<string> {
  const report = await showDelivery(ctx, { slug });
  const figures = deliveryFiguresView(report, ctx.platforms);
  return deliveryFigures(figures, momentView(report.campaign.moment));
}

async function pauseBetween(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}

/** Tells of changes to one campaign's deliveries, and to what is held; those that came while nothing waited count as one. */
function watch(
  ctx: Context,
  campaignId: string,
): {
  /** Waits for a change that has not been taken yet. */
  next(): Promise<void>;
  /** Whether there was a change since it was asked last. */
  take(): boolean;
  stop(): void;
} {
  let changed = false;
  let wake: (() => void) | null = null;
  const heard = (): void => {
    changed = true;
    wake?.();
  };
  const stops = [
    ctx.listen('delivery', (payload) => {
      if (payload === campaignId || payload === null) heard();
    }),
    ctx.listen('hold', heard),
  ];
  return {
    next: () =>
      changed
        ? Promise.resolve()
        : new Promise((resolve) => {
            wake = resolve;
          }),
    take: () => {
      const was = changed;
      changed = false;
      return was;
    },
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}
