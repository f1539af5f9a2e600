import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Context } from '../context.ts';
import { onlyOwnForms, requireKey, requireOwnForm, requireSession } from './guards.ts';

type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/** What stands before every handler of a scope. A scope with `reads` alone takes no route that changes anything. */
interface Scope {
  methods: 'reads' | 'all';
  guards(ctx: Context): readonly Guard[];
}

/** Who a route is for. Every route is in one of these, and its guards run before anything of its body is read. */
export const SCOPES = {
  /** Anybody may read it. */
  open: { methods: 'reads', guards: () => [] },
  /** Supporters: forms from our own pages alone. */
  supporter: { methods: 'all', guards: (ctx) => [onlyOwnForms(ctx)] },
  /** Mail programs send these by themselves (RFC 8058): the secret in the address is the guard. */
  mailProgram: { methods: 'all', guards: () => [] },
  /** Signing in and out: forms from our own pages; there is no session yet, or no more. */
  signIn: { methods: 'all', guards: (ctx) => [requireOwnForm(ctx)] },
  /** Operators: a session, and forms from our own pages. */
  operator: { methods: 'all', guards: (ctx) => [requireOwnForm(ctx), requireSession(ctx)] },
  /** Programs with an API key. */
  api: { methods: 'all', guards: (ctx) => [requireKey(ctx)] },
} satisfies Record<string, Scope>;
export type ScopeName = keyof typeof SCOPES;

/** A route with whom it is for. */
export interface ScopedRoute {
  method: string;
  url: string;
  scope: ScopeName;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route that is registered, HEAD beside GET included. */
    scopedRoutes: ScopedRoute[];
  }
  interface FastifyContextConfig {
    /** Whose guards run before it. */
    scope?: ScopeName;
  }
}

/** These routes, behind the guards of a scope. */
export function inScope(scope: ScopeName, routes: readonly RouteOptions[]): RouteOptions[] {
  return routes.map((route) => ({ ...route, config: { ...route.config, scope } }));
}

/**
 * Guards all that is registered from here on. Registering a route of no scope throws, and so does one that changes something
 * where a scope has reads alone: what was forgotten keeps the instance from starting.
 */
export function guardScopes(app: FastifyInstance, ctx: Context): void {
  const guards = new Map(
    (Object.keys(SCOPES) as ScopeName[]).map((name) => [name, SCOPES[name].guards(ctx)]),
  );
  app.decorate('scopedRoutes', []);
  app.addHook('onRoute', ({ method, url, config }) => {
    const scope = config?.scope;
    if (scope === undefined || !guards.has(scope)) {
      throw new Error(`${method} ${url} is in no scope, so nothing would guard it`);
    }
    if (SCOPES[scope].methods === 'reads' && ![method].flat().every(isRead)) {
      throw new Error(`${method} ${url} changes something and is in the scope "${scope}"`);
    }
    for (const one of [method].flat()) app.scopedRoutes.push({ method: one, url, scope });
  });
  app.addHook('onRequest', async (request, reply) => {
    const { scope } = request.routeOptions.config;
    // Of an address where there is nothing.
    if (scope === undefined) return undefined;
    for (const guard of guards.get(scope) ?? []) {
      const refused = await guard(request, reply);
      if (refused !== undefined) return refused;
    }
    return undefined;
  });
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}
