import { isSimulatedHandle } from '../accounts.ts';
import type { Incoming, Route, SimulatedResponse, World } from '../platform.ts';
import { page } from './answers.ts';
import type { Clients } from './clients.ts';
import type { BlueskyCaller, Grants, Pushed } from './grants.ts';
import { findAccountByName, plainHandle, toHandle } from './names.ts';
import { consentPage, errorPage } from './pages.ts';

interface Parts {
  world: World;
  grants: Grants;
  clients: Clients;
  urlOf: () => string;
}

/**
 * /oauth/authorize?client_id&request_uri: GET shows the consent page, POST of its form decides: `account` and `decision` (allow
 * or deny), answered with 302 to the app, with `iss` (RFC 9207). An unknown handle becomes an account. `scope`: what the
 * person gives, where that is not all that was asked for.
 */
export function authorizeRoute(parts: Parts): Route<BlueskyCaller> {
  const { world, grants, clients } = parts;
  return {
    path: 'authorize',
    identify: (request) => ({
      account: findAccountByName(world.accounts, readForm(request).get('account') ?? ''),
    }),
    run(request, caller) {
      const form = readForm(request);
      const [uri, clientId] = [form.get('request_uri') ?? '', form.get('client_id') ?? ''];
      const pushed = grants.pushedAs(uri, clientId, request.atUs / 1_000);
      if (!pushed) return page(400, errorPage('Unknown request_uri'));
      if (request.method === 'POST') return decide(parts, request, form, uri, pushed, caller);
      const hinted = findAccountByName(world.accounts, pushed.hint);
      const view = {
        ...{ name: clients.nameOf(clientId), scope: pushed.scope, redirectUri: pushed.redirectUri },
        hidden: { client_id: clientId, request_uri: uri },
        account: hinted ? toHandle(hinted) : pushed.hint,
      };
      return page(200, consentPage(view));
    },
  };
}

function decide(
  { world, grants, urlOf }: Parts,
  request: Incoming,
  form: URLSearchParams,
  uri: string,
  pushed: Pushed,
  caller: BlueskyCaller,
): SimulatedResponse {
  const back = (fields: Record<string, string>): SimulatedResponse => {
    const target = new URL(pushed.redirectUri);
    for (const [name, value] of Object.entries({ iss: urlOf(), state: pushed.state, ...fields })) {
      target.searchParams.set(name, value);
    }
    return { status: 302, headers: `location: ${target.href}\r\n`, body: '' };
  };
  const decision = form.get('decision');
  if (decision === 'deny') return back({ error: 'access_denied' });
  if (decision !== 'allow') return page(400, errorPage('decision must be allow or deny'));
  const handle = plainHandle(form.get('account') || pushed.hint);
  if (!caller.account && isSimulatedHandle(handle))
    caller.account = world.accounts.create({ handle });
  if (!caller.account) return page(400, errorPage('account must be a handle'));
  const given = { ...pushed, scope: form.get('scope') ?? pushed.scope };
  return back({ code: grants.newCode(caller.account, uri, given, request.atUs / 1_000) });
}

/** The form goes before the query. */
export function readForm({ method, query, body }: Incoming): URLSearchParams {
  const given = new URLSearchParams(query);
  if (method === 'POST') {
    for (const [name, value] of new URLSearchParams(body)) given.set(name, value);
  }
  return given;
}
