import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { showDelivery } from '../actions/show-delivery.ts';
import type { Context } from '../context.ts';
import { deliveryFigures } from '../web/index.ts';
import { operatorOf } from './guards.ts';
import { deliveryFiguresView, momentView } from './views.ts';

/** However fast things change, the figures are read from the records no more often than this. */
const LEAST_GAP_MS = 500;
/** Without a change they are sent again after so long, for the workers' signs of life. */
const MOST_GAP_MS = 5_000;

/** The figures as they change: one event, `figures`, with the rendered fragment in it. Ends with the session and the instance. */
export async function streamFigures(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { slug } = request.params as { slug: string };
  const { campaign } = await showDelivery(ctx, { slug });
  const ended = new AbortController();
  reply.sse.onClose(() => ended.abort());
  const signal = AbortSignal.any([ended.signal, ctx.stopping]);
  const changes = watch(ctx, campaign.id);
  try {
    for (;;) {
      // Read only now that changes are heard, or one in between would be missed.
      const report = await showDelivery(ctx, { slug });
      // A session that has ended ends what it opened.
      const operator = await operatorOf(ctx, request);
      if (operator === null || signal.aborted) return;
      const figures = deliveryFiguresView(report, ctx.platforms);
      const data = deliveryFigures(figures, momentView(report.campaign.moment));
      await reply.sse.send({ event: 'figures', data });
      await pause(LEAST_GAP_MS, signal);
      await Promise.race([changes.next(), pause(MOST_GAP_MS, signal)]);
      if (signal.aborted) return;
    }
  } finally {
    changes.stop();
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}

/** Tells of changes to one campaign's deliveries, and to what is held; those that came while nobody waited count as one. */
function watch(ctx: Context, campaignId: string): { next(): Promise<void>; stop(): void } {
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
    next: async () => {
      if (!changed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      changed = false;
      wake = null;
    },
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}
