import { API_PATHS, CARRIED_OUT, LIMIT_NAMES, NOT_CARRIED_OUT } from './behaviour.ts';

/** What --help prints. */
export const SIMULATOR_HELP = `Usage: npm run simulator -- --port P [options]

A stand-in for X, as a process of its own: point X_API_URL and X_AUTHORIZE_URL at it.

Options
  --port P        port to listen on; 0 takes any free one
  --platforms L   all, or names with commas (default x); each listens on a port of its own: the first on P, the
                  others on those that follow, with an account list, a record and a control API of its own
  --host H        address to listen on (default 127.0.0.1)
  --record FILE   append every request to FILE as JSON lines, on disk within 50 ms
  --seed S        whole number that shapes every draw of chance (default 1)
  --help          this text

The platform
  GET  /i/oauth2/authorize    consent page; ?account=HANDLE or ?login_hint=HANDLE chooses the account
  POST /i/oauth2/authorize    its form: the same parameters, account, decision=allow|deny; answers 302
  POST /2/oauth2/token        authorization_code (PKCE) and refresh_token; form or JSON; Basic client
  POST /2/oauth2/revoke       access or refresh token; ends that grant
  GET  /2/users/me
  POST /2/tweets
  GET  /i/web/status/:id      a post's own page
  GET  /2/users/:id/tweets    max_results, start_time, tweet.fields=created_at,author_id,entities

Threads (--platforms threads; THREADS_API_URL, THREADS_AUTHORIZE_URL at /oauth/authorize); a version may stand before paths
  GET, POST /oauth/authorize  consent page, as above
  POST /oauth/access_token    a code for a token of an hour
  GET  /access_token          th_exchange_token; GET /refresh_access_token: th_refresh_token
  GET  /v1.0/me, /v1.0/debug_token?input_token=
  POST /v1.0/:user/threads    makes a container; POST /v1.0/:user/threads_publish?creation_id= makes it public
  GET  /v1.0/:user/threads    newest first; GET /v1.0/:container?fields=status

Facebook Pages (--platforms facebook; FACEBOOK_API_URL, FACEBOOK_POST_URL, FACEBOOK_AUTHORIZE_URL at /dialog/oauth); any version
  GET, POST /dialog/oauth     consent page, as above
  GET  /oauth/access_token    a code, or fb_exchange_token; GET /debug_token
  GET  /me, /me/accounts, /me/permissions; DELETE /me/permissions ends everything given to that app
  GET  /me/businesses, /:portfolio/owned_pages, /:portfolio/client_pages, with business_management; GET /:page
  POST /:page/feed            GET lists it; an account's id is its page's; one named editor... has three pages,
                              portfolio... one under a business portfolio, agency... three, one of which shows nothing

Mastodon (--platforms mastodon): one server, to be named by its host and port, which PRIVATE_HOSTS must have
  GET  /.well-known/oauth-authorization-server, /.well-known/nodeinfo, /api/v1/instance, /api/v2/instance
  POST /api/v1/apps           only registered apps are let in; GET /api/v1/apps/verify_credentials
  GET  /oauth/authorize       consent page, POST its form, as above; urn:ietf:wg:oauth:2.0:oob shows the code
  POST /oauth/token           authorization_code and client_credentials; POST /oauth/revoke
  GET  /api/v1/accounts/verify_credentials, GET /api/v1/accounts/:id/statuses
  POST /api/v1/statuses       form or JSON; Idempotency-Key

Bluesky (--platforms bluesky): a directory, one server and its authorization server, all at one address, which
PRIVATE_HOSTS must have; the account person_1 is person-1.bsky.social. Proofs (DPoP) are checked for real.
  GET  /xrpc/com.atproto.identity.resolveHandle, /did:plc:..., /.well-known/oauth-protected-resource
  GET  /.well-known/oauth-authorization-server
  POST /oauth/par, /oauth/token, /oauth/revoke
  GET  /oauth/authorize       consent page, POST its form, as above; with a scope that is all that is given
  POST /xrpc/com.atproto.repo.createRecord; a record key that is taken is a 500
  GET  /xrpc/com.atproto.repo.getRecord, /xrpc/com.atproto.server.getSession

LinkedIn (--platforms linkedin; LINKEDIN_API_URL, LINKEDIN_AUTHORIZE_URL and LINKEDIN_TOKEN_URL at the paths below)
  GET, POST /oauth/v2/authorization  consent page, as above
  POST /oauth/v2/accessToken, /oauth/v2/revoke; tokens live for 60 days unless tokenLifeSeconds is set
  GET  /v2/userinfo
  POST /rest/posts            "little" text format: what is not escaped cuts the post short; the record has what people
                              see; versions before 202507 are a 426; GET /feed/update/URN is a post's own page

Nostr (--platforms nostr; NOSTR_RELAYS at ws://...): every path is a relay of its own, with one record for all of them
  EVENT, REQ {"ids"}, CLOSE   over WebSocket; signatures are checked, and the future is refused to the second
  GET  /                      with Accept: application/nostr+json, its information document
  An account's key is made of its handle; /_control/grants signs the event that is in "scope", as JSON

The control API (JSON; wrong input: 400 {"error", "field"})
  POST   /_control/accounts      {"count": N, "prefix"?: "person"} or
                                 {"accounts": [{"handle", "followers"?, "suspended"?, "locked"?, "standing"?}]}; gives
                                 [{"id", "handle"}]
  GET    /_control/accounts      [{"id", "handle", "suspended", "locked", "posts"}]
  POST   /_control/grants        {"clientId", "count": N, "prefix"?: "person", "scope"?}: accounts that have
                                 authorized that app already, without the consent page, for tests and benches;
                                 gives [{"id", "handle", "accessToken", "refreshToken", "expiresAt", "extra"?}]
  PATCH  /_control/accounts/:id  id or handle; {"suspended"?, "locked"?, "deleted"?, "revokeGrants"?, "expireAccessTokens"?,
                                 "standing"?: "good" | "moved" | "memorial" | "limited" | "pending" | "terms" (Mastodon)}
  POST   /_control/apps          {"clientId", "name"?, "clientSecret"?, "redirectUris"?, "jwks"?}; optional: an app that
                                 was never registered is welcome, with any secret
  GET    /_control/behaviour     what holds now
  PUT    /_control/behaviour     any of the fields below; whatever is left out goes back to its default
  POST   /_control/faults        {"handle", "path", "fault", "times"?: 1}; for the next requests of one account
  GET    /_control/record        ?after=SEQ&limit=10000&path=posts; gives {"entries", "last"}
  DELETE /_control/record        forget what was seen (accounts, tokens and timelines stay)
  GET    /_control/posts         accepted posts in order of arrival: [{"account", "handle", "id", "text", "at_us",
                                 "answered_us"?, "spoiler_text"?}]; answered_us: when its answer left;
                                 spoiler_text: on Mastodon, the content warning before the text
  GET    /_control/summary       {"requests", "posts", "paths": {"posts": {"201": N, "none": N}}}
  POST   /_control/reset         everything as at the start
  GET    /livez

Behaviour
  latency             {"kind": "none" | "fixed" | "lognormal", "medianMs": 150, "sigma": 0.5}
  errorRates          {"FAULT": share from 0 to 1} of POST /2/tweets; the draw hangs on the seed, the handle and
                      how many requests the account made, so it can be repeated
  pathErrorRates      {"token" | "revoke" | "me" | "timeline": {"FAULT": share}}
  limits              {"NAME": {"limit", "windowSeconds"}}; naming any opens all windows anew
                      ${wrap(LIMIT_NAMES)}
  tokenLifeSeconds    life of an access token (7200)
  refreshLifeSeconds  life of a refresh token (180 days)
  codeLifeSeconds     life of an authorization code (30)
  forcedResetSeconds  the reset that a forced 429 names lies this far ahead (900)
  hangSeconds         a hung request is cut after this (120)
  wrapLinks           true: links come back as https://t.co/..., as on X (false)
  refuseDuplicates    false: a text that the account has posted before is taken again (true)
  longTokenLifeSeconds, refreshAfterSeconds
                      Meta's long tokens live so long (60 days), and one of Threads is refreshed from this age (a day)
  containerSeconds, containerLifeSeconds, containerFails, containerMisses
                      a container of Threads is IN_PROGRESS so long (0), EXPIRED after (a day), ends in ERROR
                      (false), and is not found so many times when it is to be published: 4279009 (0)
  dateSkewSeconds, dateAgeSeconds
                      the network's clock is off by so much, such as -90: the Date of every answer, and when it takes
                      proofs to be (0); its answers come from a cache and have an Age (0)
  challenge           "none" | "cloudflare" | "cloudflare503" | "aws" | "vercel" | "anubis": a shield before the network
                      answers every request with a page for browsers, and nothing is carried out
  mastodon            {"idempotency": "kept" | "race" | "error500OnRepeat" | "ignored", "keyLifeSeconds": 3600,
                      "raceSeconds": 2, "maxCharacters": 500, "reservedPerUrl": 23, "version": "4.5.0",
                      "software": "mastodon", "gatewayStatus": 502 | 504, "closed": false, "lateMs": null,
                      "limitedFederation": false: /instance is a 401, "elsewhere": null or the address of the server that
                      this is only the domain of, "pointsBy": "redirect" | "hostMetaRedirect" | "hostMeta" |
                      "hostMetaJson" | "webfinger": how it says so, "defaultFormat": "plain" | "markdown"}: which server it is, and how it keeps keys. A post without
                      content_type is read as defaultFormat, and by hollo always as Markdown; the record has what is shown. gotosocial and hollo show posts to read:statuses alone, as does a
                      closed one; gotosocial ignores keys, hollo is 2 s late and leaves the state out of a no. gotosocial, hollo, pleroma,
                      akkoma, sharkey and firefish refuse in words and codes of their own, firefish always with 401
  bluesky             {"nonceLifeSeconds": 180, "serverUrl": "": the server that accounts' documents name,
                      "lie": "none" | "account" | "issuer": whom it speaks for though it is not}; refuseDuplicates
                      false: a record key that is taken is taken again; "namesTakedown": true. false: tokens of an account that
                      is taken down are invalid_token, its refresh invalid_grant, as PDS 0.5.35 has it
  nostr               {"clockOffsetSeconds": 0: below zero the relays' clock is behind, "oldestSeconds": 94608000: what is
                      older by it is refused}
  x                   {"names": "both" | "tweet" | "post": whether it knows tweet.fields and tweet_count, or post.fields
                      and post_count}

Faults
  paths               ${wrap(API_PATHS)}
  not carried out     ${wrap(NOT_CARRIED_OUT)}
  carried out         ${wrap(CARRIED_OUT)}

The record: {"seq", "at_us", "method", "path", "route", "status", "account", "handle", "fault"?, "post"?, "text"?}.
at_us is the arrival in microseconds since 1970; status is null where nothing was answered. No token is kept.`;

function wrap(names: readonly string[]): string {
  const lines: string[] = [];
  for (let i = 0; i < names.length; i += 4) lines.push(names.slice(i, i + 4).join(' '));
  return lines.join(`\n${' '.repeat(22)}`);
}
