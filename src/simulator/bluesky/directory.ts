import type { SimulatedAccount } from '../accounts.ts';
import type { Incoming, Route, SimulatedResponse, World } from '../platform.ts';
import { json, page, xrpcError } from './answers.ts';
import type { BlueskyCaller } from './grants.ts';
import { findAccountByName, makeDid, toHandle } from './names.ts';

interface Parts {
  world: World;
  urlOf: () => string;
}

export const DOCUMENT = /^\/(did:plc:[a-z2-7]{24})$/;

/** GET /xrpc/com.atproto.identity.resolveHandle?handle=. */
export function resolveRoute({ world }: Parts): Route<BlueskyCaller> {
  const named = ({ query }: Incoming): SimulatedAccount | undefined => {
    const handle = new URLSearchParams(query).get('handle') ?? '';
    return handle.startsWith('did:') ? undefined : findAccountByName(world.accounts, handle);
  };
  return {
    path: 'discovery',
    identify: (request) => ({ account: named(request) }),
    run: (_request, { account }) => {
      const { resolver } = world.behaviour.bluesky;
      if (resolver === 'gateway') return page(502, '<h1>502 Bad Gateway</h1>');
      return account
        ? json(200, { did: resolver === 'stranger' ? makeDid(0) : account.id })
        : xrpcError(400, 'HandleNotFound', 'Unable to resolve handle');
    },
  };
}

/** GET /did:plc:..., as plc.directory has it; web.plc.directory/spec. */
export function documentRoute({ world, urlOf }: Parts): Route<BlueskyCaller> {
  return {
    path: 'discovery',
    identify: ({ path }) => ({ account: world.accounts.byId(DOCUMENT.exec(path)?.[1] ?? '') }),
    run: ({ path }, { account }) => {
      if (!account) return json(404, { message: `DID not registered: ${path.slice(1)}` });
      return json(200, {
        '@context': ['https://www.w3.org/ns/did/v1'],
        id: account.id,
        alsoKnownAs: [`at://${toHandle(account)}`],
        verificationMethod: [],
        service: [
          {
            id: '#atproto_pds',
            type: 'AtprotoPersonalDataServer',
            serviceEndpoint: world.behaviour.bluesky.serverUrl || urlOf(),
          },
        ],
      });
    },
  };
}

/** What a PDS says of itself, and its authorization server. */
export function metadataRoute(describe: () => object): Route<BlueskyCaller> {
  return {
    path: 'discovery',
    identify: () => ({}),
    run: (): SimulatedResponse => json(200, describe()),
  };
}

/** RFC 9728. */
export function protectedResource({ urlOf }: Parts): object {
  return {
    resource: urlOf(),
    authorization_servers: [urlOf()],
    scopes_supported: [],
    bearer_methods_supported: ['header'],
    resource_documentation: 'https://atproto.com',
  };
}

/** RFC 8414, with what atproto.com/specs/oauth asks for. */
export function authorizationServer({ world, urlOf }: Parts): object {
  const url = urlOf();
  return {
    issuer: world.behaviour.bluesky.lie === 'issuer' ? 'https://another.example' : url,
    authorization_endpoint: `${url}/oauth/authorize`,
    token_endpoint: `${url}/oauth/token`,
    revocation_endpoint: `${url}/oauth/revoke`,
    pushed_authorization_request_endpoint: `${url}/oauth/par`,
    require_pushed_authorization_requests: true,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['ES256'],
    scopes_supported: ['atproto', 'transition:generic'],
    dpop_signing_alg_values_supported: ['ES256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
    protected_resources: [url],
  };
}
