import type { LinkedinConfig } from '../../../config/platforms.ts';
import { Secret } from '../../../config/secrets.ts';
import { createCrash } from '../../../src/crash.ts';
import { createLinkedin } from '../../../src/platforms/linkedin/linkedin.ts';
import type { ExchangeInput, Platform, PostOrder } from '../../../src/platforms/platform.ts';
import { decideConsent, type SimulatorControl } from '../../../src/simulator/client.ts';
import { atEnd } from '../../support/at-end.ts';
import { startNetwork } from '../../support/network.ts';
import type { Network } from '../../support/networks.ts';

export const REDIRECT = 'http://127.0.0.1:9/callback/linkedin';

/** A simulated LinkedIn. */
export function startLinkedin(): Promise<Network> {
  return startNetwork('linkedin');
}

/** Our client of the LinkedIn at `url`; it ends with the test or file. */
export function linkedinAt(url: string, change: Partial<LinkedinConfig> = {}): Platform {
  const config = {
    clientId: 'test-app',
    clientSecret: new Secret('test-secret'),
    apiUrl: url,
    authorizeUrl: `${url}/oauth/v2/authorization`,
    tokenUrl: `${url}/oauth/v2/accessToken`,
    postUrl: 'https://linkedin.example',
    version: '202607',
    timeoutMs: 10_000,
  };
  const linkedin = createLinkedin({ ...config, ...change }, createCrash(''));
  atEnd(() => linkedin.dispose());
  return linkedin;
}

/** What the member comes back with. */
export async function comeBack(
  linkedin: Platform,
  handle: string,
  decision: 'allow' | 'deny' = 'allow',
): Promise<ExchangeInput> {
  const rest = { locator: '', text: '', locale: 'en', moment: new Date() };
  const { url, flowSecret } = await linkedin.authorize({
    redirectUri: REDIRECT,
    state: 'st',
    ...rest,
  });
  const back = new URL(await decideConsent(url, handle, decision));
  return { answer: Object.fromEntries(back.searchParams), flowSecret, redirectUri: REDIRECT };
}

let made = 0;

/** An order of a new account that has authorized us, with a text of its own. */
export async function newOrder(
  linkedin: Platform,
  control: SimulatorControl,
  text?: string,
): Promise<PostOrder> {
  made += 1;
  const handle = `p${process.pid}_${made}`;
  await control.createAccounts({ accounts: [{ handle }] });
  const grant = await linkedin.exchange(await comeBack(linkedin, handle));
  return {
    postKey: `delivery-${made}`,
    account: await linkedin.whoAmI(grant),
    grant,
    text: text ?? `We ring the bell, number ${made}. #100DaysOfInjustice`,
    locale: 'en',
    moment: new Date(),
    staged: null,
  };
}
