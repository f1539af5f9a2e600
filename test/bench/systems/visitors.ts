import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { plainBrowser } from '../../support/browser.ts';
import type { VisitPlan, VisitResult } from '../flood/kinds.ts';

const { campaignUrl, perSecond, seconds, prefix } = JSON.parse(
  readFileSync(process.argv[2] ?? '', 'utf8'),
) as VisitPlan;
const origin = new URL(campaignUrl).origin;
const result: VisitResult = { visits: 0, joined: 0, latencies: [], refused: 0, reasons: [] };

const refuse = (why: string): void => {
  result.refused += 1;
  if (result.reasons.length < 10) result.reasons.push(why);
};

// Times each request to the instance; those to the network are not its own.
const ask = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  if (!String(input).startsWith(origin)) return ask(input, init);
  const began = performance.now();
  try {
    const answer = await ask(input, init);
    result.latencies.push(performance.now() - began);
    if (answer.status === 429 || answer.status >= 500) refuse(String(answer.status));
    return answer;
  } catch (error) {
    refuse(String((error as Error).cause ?? error));
    throw error;
  }
};

/** Each is of a network of their own, as visitors are who heard of a campaign somewhere. */
async function visit(number: number): Promise<void> {
  result.visits += 1;
  const address = `203.${number >> 8}.${number & 255}.9`;
  const browser = plainBrowser('en', address);
  try {
    const receipt = await browser.join(campaignUrl, `${prefix}${number}`);
    if (receipt.status === 200) result.joined += 1;
  } catch (error) {
    if (result.reasons.length < 10) result.reasons.push((error as Error).message.slice(0, 200));
  }
}

const began = performance.now();
const visits: Promise<void>[] = [];
for (let number = 0; number < perSecond * seconds; number++) {
  await sleep(began + (number * 1000) / perSecond - performance.now());
  visits.push(visit(number));
}
await Promise.all(visits);
result.latencies.sort((a, b) => a - b);
console.log(JSON.stringify(result));
process.exit(0);
