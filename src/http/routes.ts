import type { RouteOptions } from 'fastify';
import type { Context } from '../context.ts';
import { assetRoute } from './asset-route.ts';
import { apiRoutes } from './routes/api/api-routes.ts';
import { momentRoutes } from './routes/api/moment-routes.ts';
import { stopRoutes } from './routes/api/stop-routes.ts';
import { updateRoutes } from './routes/api/update-routes.ts';
import { clientRoutes } from './routes/machine/client-routes.ts';
import { healthRoutes } from './routes/machine/health-routes.ts';
import { metricsRoutes } from './routes/machine/metrics-routes.ts';
import { oembedRoutes } from './routes/machine/oembed-routes.ts';
import { wellKnownRoutes } from './routes/machine/well-known-routes.ts';
import { operatorRoutes, signInRoutes } from './routes/operator/operator-routes.ts';
import { platformApiRoutes, platformPageRoutes } from './routes/platform-routes.ts';
import {
  assistedRoutes,
  outboxRoutes,
  unsubscribeRoutes,
} from './routes/supporter/assisted-routes.ts';
import { callbackRoutes } from './routes/supporter/callback-routes.ts';
import { campaignRoutes } from './routes/supporter/campaign-routes.ts';
import { chooseRoutes } from './routes/supporter/choose-routes.ts';
import { editRoutes } from './routes/supporter/edit-routes.ts';
import { joinRoutes } from './routes/supporter/join-routes.ts';
import { pictureRoutes } from './routes/supporter/picture-routes.ts';
import { receiptRoutes } from './routes/supporter/receipt-routes.ts';
import { shareRoutes } from './routes/supporter/share-routes.ts';
import { signRoutes } from './routes/supporter/sign-routes.ts';
import { inScope } from './scopes.ts';

/** Every route there is, each in its scope. */
export function allRoutes(ctx: Context): RouteOptions[] {
  return [
    ...inScope('open', [
      ...campaignRoutes(ctx),
      ...pictureRoutes(ctx),
      ...shareRoutes(ctx),
      ...oembedRoutes(ctx),
      ...clientRoutes(ctx),
      ...healthRoutes(ctx),
      // Behind a token of its own.
      ...metricsRoutes(ctx),
      ...wellKnownRoutes(),
      assetRoute(),
    ]),
    ...inScope('supporter', [
      ...joinRoutes(ctx),
      ...callbackRoutes(ctx),
      ...chooseRoutes(ctx),
      ...signRoutes(ctx),
      ...assistedRoutes(ctx),
      ...receiptRoutes(ctx),
      ...editRoutes(ctx),
    ]),
    ...inScope('mailProgram', unsubscribeRoutes(ctx)),
    ...inScope('signIn', signInRoutes(ctx)),
    ...inScope('operator', [
      ...operatorRoutes(ctx),
      ...platformPageRoutes(ctx),
      ...outboxRoutes(ctx),
    ]),
    ...inScope('api', [
      ...apiRoutes(ctx),
      ...momentRoutes(ctx),
      ...updateRoutes(ctx),
      ...stopRoutes(ctx),
      ...platformApiRoutes(ctx),
    ]),
  ];
}
