import type { RouteOptions } from 'fastify';
import type { Context } from '../context.ts';
import { assetRoute } from './asset-route.ts';
import { apiRoutes } from './routes/api-routes.ts';
import { assistedRoutes, outboxRoutes, unsubscribeRoutes } from './routes/assisted-routes.ts';
import { callbackRoutes } from './routes/callback-routes.ts';
import { campaignRoutes } from './routes/campaign-routes.ts';
import { chooseRoutes } from './routes/choose-routes.ts';
import { clientRoutes } from './routes/client-routes.ts';
import { editRoutes } from './routes/edit-routes.ts';
import { healthRoutes } from './routes/health-routes.ts';
import { joinRoutes } from './routes/join-routes.ts';
import { metricsRoutes } from './routes/metrics-routes.ts';
import { momentRoutes } from './routes/moment-routes.ts';
import { oembedRoutes } from './routes/oembed-routes.ts';
import { operatorRoutes, signInRoutes } from './routes/operator-routes.ts';
import { pictureRoutes } from './routes/picture-routes.ts';
import { platformApiRoutes, platformPageRoutes } from './routes/platform-routes.ts';
import { receiptRoutes } from './routes/receipt-routes.ts';
import { shareRoutes } from './routes/share-routes.ts';
import { signRoutes } from './routes/sign-routes.ts';
import { stopRoutes } from './routes/stop-routes.ts';
import { updateRoutes } from './routes/update-routes.ts';
import { wellKnownRoutes } from './routes/well-known-routes.ts';
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
