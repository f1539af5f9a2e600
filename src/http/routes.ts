import type { RouteOptions } from 'fastify';
import type { Context } from '../context.ts';
import { assetRoute } from './asset-route.ts';
import { apiRoutes } from './routes/api-routes.ts';
import { assistedRoutes } from './routes/assisted-routes.ts';
import { callbackRoutes } from './routes/callback-routes.ts';
import { campaignRoutes } from './routes/campaign-routes.ts';
import { chooseRoutes } from './routes/choose-routes.ts';
import { clientRoutes } from './routes/client-routes.ts';
import { editRoutes } from './routes/edit-routes.ts';
import { healthRoutes } from './routes/health-routes.ts';
import { joinRoutes } from './routes/join-routes.ts';
import { metricsRoutes } from './routes/metrics-routes.ts';
import { oembedRoutes } from './routes/oembed-routes.ts';
import { operatorRoutes } from './routes/operator-routes.ts';
import { pictureRoutes } from './routes/picture-routes.ts';
import { platformRoutes } from './routes/platform-routes.ts';
import { receiptRoutes } from './routes/receipt-routes.ts';
import { shareRoutes } from './routes/share-routes.ts';
import { signRoutes } from './routes/sign-routes.ts';
import { stopRoutes } from './routes/stop-routes.ts';
import { updateRoutes } from './routes/update-routes.ts';

/** Every route there is. */
export function allRoutes(ctx: Context): RouteOptions[] {
  return [
    ...campaignRoutes(ctx),
    ...pictureRoutes(ctx),
    ...shareRoutes(ctx),
    ...oembedRoutes(ctx),
    ...joinRoutes(ctx),
    ...callbackRoutes(ctx),
    ...chooseRoutes(ctx),
    ...signRoutes(ctx),
    ...assistedRoutes(ctx),
    ...receiptRoutes(ctx),
    ...editRoutes(ctx),
    ...operatorRoutes(ctx),
    ...apiRoutes(ctx),
    ...updateRoutes(ctx),
    ...stopRoutes(ctx),
    ...platformRoutes(ctx),
    ...clientRoutes(ctx),
    ...healthRoutes(ctx),
    ...metricsRoutes(ctx),
    assetRoute(),
  ];
}
