import axe from 'axe-core';
import type { Page } from 'playwright-core';
import type { Visitor } from './visitor.ts';

export const WIDTHS = [320, 375, 768, 1280] as const;
const HEIGHT = 740;

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** A page as it is come to. */
export interface Look {
  /** Which of our pages it is: those of one kind differ only by language, colour, width and scripts. */
  kind: string;
  locale: string;
  /** Whether scripts run in this browser. */
  scripts: boolean;
  /** Only one person is meant to see it, so nothing about it may name the campaign. */
  personal: boolean;
}

/** What a page's own document says of itself. */
interface Facts {
  lang: string;
  dir: string;
  /** How many headings of the first rank can be seen. */
  headings: number;
  sideways: number;
  title: string;
}

/**
 * Looks at pages. On every visit: language and direction, one heading of the first rank, no scrolling sideways, every control
 * with a name, and nothing given away. What takes long is done once for what it can depend on: every width and axe for each
 * kind of page and language; contrast, which no language changes, in both schemes for each kind, direction, and scripts or
 * none. Nothing else of a page differs between two visits but words that somebody typed.
 */
export function createInspector(secretWords: readonly string[]) {
  const problems: string[] = [];
  const seen = new Set<string>();
  const firstTime = (...parts: string[]): boolean => {
    const key = parts.join('|');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };

  async function look(visitor: Visitor, at: Look): Promise<void> {
    const { page } = visitor;
    const note = (problem: string): void => {
      const scripts = at.scripts ? '' : ', without scripts';
      const width = page.viewportSize()?.width;
      problems.push(`${at.kind} (${at.locale}, ${width}${scripts}): ${problem}`);
    };
    const facts = await factsOf(page);
    for (const problem of wrongFacts(facts, at)) note(problem);
    if (at.personal) {
      for (const word of givenAway(`${facts.title} ${page.url()}`, secretWords)) {
        note(`title or address says "${word}"`);
      }
    }
    for (const problem of unnamed(await page.locator('body').ariaSnapshot())) note(problem);
    for (const complaint of visitor.complaints.splice(0)) note(complaint);
    const direction = at.locale === 'ar' ? 'rtl' : 'ltr';
    const scripts = at.scripts ? 'with scripts' : 'without scripts';
    const contrast = firstTime(at.kind, direction, scripts);
    if (!firstTime(at.kind, at.locale) && !contrast) return;
    for (const problem of await tooWide(page)) note(problem);
    for (const problem of await keptOut(page, at.scripts, contrast)) note(problem);
  }

  return { look, problems, kinds: () => new Set([...seen].map((key) => key.split('|')[0])) };
}

async function factsOf(page: Page): Promise<Facts> {
  return page.evaluate(() => {
    const { documentElement, title } = document;
    const headings = [...document.querySelectorAll('h1')];
    return {
      lang: documentElement.lang,
      dir: documentElement.dir,
      headings: headings.filter((heading) => heading.checkVisibility()).length,
      sideways: documentElement.scrollWidth - innerWidth,
      title,
    };
  });
}

function wrongFacts(facts: Facts, { locale }: Look): string[] {
  const { lang, dir, headings, sideways, title } = facts;
  const problems: string[] = [];
  if (lang !== locale) problems.push(`speaks ${lang}`);
  if (dir !== (locale === 'ar' ? 'rtl' : 'ltr')) problems.push(`is written ${dir}`);
  if (headings !== 1) problems.push(`has ${headings} headings of the first rank`);
  if (sideways > 0) problems.push(`scrolls sideways by ${sideways} px`);
  if (title.trim() === '') problems.push('has no title');
  return problems;
}

/** Those of the words that a text says; all in lower case. */
export function givenAway(text: string, words: readonly string[]): string[] {
  const said = decodeURIComponent(text).toLowerCase();
  return words.filter((word) => said.includes(word));
}

/** Controls, headings and landmarks for which a screen reader has no words. */
function unnamed(snapshot: string): string[] {
  const lines = snapshot.match(
    /^\s*- (?:button|link|textbox|searchbox|checkbox|radio|combobox|navigation|heading|img|timer|group)(?=[:\s]*(?:\[[^\]]*\]\s*)*:?\s*$).*$/gm,
  );
  return (lines ?? []).map((line) => `has no name: ${line.trim()}`);
}

/** Looks at every width, and leaves the page as wide as it was. */
async function tooWide(page: Page): Promise<string[]> {
  const before = page.viewportSize();
  const problems: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    const { sideways } = await factsOf(page);
    if (sideways > 0) problems.push(`scrolls sideways by ${sideways} px at ${width}`);
  }
  if (before) await page.setViewportSize(before);
  return problems;
}

/** What axe finds; with `contrast` also whether everything can be told from its ground, in both schemes. */
async function keptOut(page: Page, scripts: boolean, contrast: boolean): Promise<string[]> {
  // Where scripts are off the browser calls none back, at a timer's end or otherwise, and axe waits for some.
  if (!scripts) await page.evaluate(WITHOUT_TIMERS);
  // What a bar that stays in sight covers a part of is no smaller for it: one scrolls on.
  await page.evaluate(() => scrollTo(0, 0));
  await page.evaluate(axe.source);
  const found = await run(page, 'any', {
    preload: scripts,
    runOnly: { type: 'tag', values: TAGS },
    rules: { 'target-size': { enabled: true }, 'color-contrast': { enabled: false } },
  });
  if (!contrast) return found;
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const now = isDark ? 'dark' : 'light';
  const other = isDark ? 'light' : 'dark';
  for (const colorScheme of [now, other] as const) {
    // A colour on its way from one scheme to the other has no contrast of its own.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const options = { preload: scripts, runOnly: ['color-contrast'] };
    found.push(...(await run(page, colorScheme, options)));
  }
  await page.emulateMedia({ colorScheme: now });
  return found;
}

const WITHOUT_TIMERS = `window.setTimeout = (work) => { Promise.resolve().then(work); return 0; };`;

async function run(page: Page, scheme: string, options: object): Promise<string[]> {
  const wanted = { resultTypes: ['violations'], ...options };
  const { violations } = await page.evaluate((given) => window.axe.run(given), wanted);
  return violations.map(
    ({ id, nodes }) => `axe, ${scheme}: ${id}: ${nodes.map((node) => node.html).join(' ')}`,
  );
}

declare global {
  interface Window {
    axe: {
      run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    };
  }
}
