import type { Node } from '@takumi-rs/core';
import { CARD_SIZE, cardTitle, figureLine } from '../brief.ts';
import { momentWords, sentence } from '../format.ts';
import { direction, interfaceLocale, translator } from '../i18n.ts';
import type { CardView } from '../views/share.ts';
import { type Face, showsAll } from './faces.ts';
import { type CardFonts, loadFonts } from './fonts.ts';

/** The look of docs/design.md, in its light colours: a picture cannot follow the colour scheme of who looks at it. */
const PAPER = '#f3f4f1';
const INK = '#17181b';
const INK_SOFT = '#4d5056';
const ON_BAND = '#f6f6f3';
const ON_BAND_SOFT = '#b9bcc0';

const SIDE = 64;
const BAND = 206;
const PICTURE = 430;
const BYLINE = 92;
const TITLE_SIZES = [132, 118, 106, 96, 86, 76, 68, 60, 52, 46, 40, 36];

let fonts: Promise<CardFonts> | null = null;

/** The house's faces, read when the first card is asked for. */
export function cardFonts(): Promise<CardFonts> {
  fonts ??= loadFonts();
  return fonts;
}

/**
 * A campaign's card as PNG, 1200 by 630. It takes some 100 ms of one core, and none of the event loop's.
 * Of signs that the house's faces do not have nothing is drawn; for a title with such letters the organiser stands in its place, and for
 * an organiser's name with such letters the host.
 */
export async function renderCard(view: CardView): Promise<Buffer> {
  const house = await cardFonts();
  const { text: whole, locale } = cardTitle(view, view.host);
  const title = { text: showable(house, 'display', whole), locale };
  const size = await titleSize(house, view, title);
  const images = view.picture ? [{ src: 'picture', data: view.picture.bytes }] : [];
  const node = cardNode(house, view, title, size);
  return house.renderer.render(node, { ...CARD_SIZE, format: 'png', images });
}

/** Joiners with nothing to join: what is left of an emoji that was made of several. */
const STRAY_JOINERS =
  /(?<![\p{L}\p{M}])[\u200c\u200d]+|[\u200c\u200d]+(?![\p{L}\p{M}\u200c\u200d])/gu;

/** The text with what this face can show of it. Blanks and hyphens that it has not become plain ones. */
export function showable(house: CardFonts, face: Face, text: string): string {
  const shown = Array.from(text.normalize('NFC'), (character) => {
    // Joiners have no glyph of their own; the directions that a text sets for itself have no place in a title.
    if (/[\u200c\u200d]/u.test(character)) return character;
    if (house.shows(face, character)) return character;
    if (/\p{Zs}/u.test(character)) return '\u00a0';
    return character === '\u2011' ? '-' : '';
  });
  return shown.join('').replace(STRAY_JOINERS, '').replace(/ {2,}/g, ' ').trim();
}

/** The largest size at which the title fits, by trying. */
async function titleSize(
  house: CardFonts,
  view: CardView,
  title: { text: string; locale: string },
): Promise<number> {
  const width = CARD_SIZE.width - 2 * SIDE - (view.picture ? PICTURE - SIDE / 2 : 0);
  const height = CARD_SIZE.height - BAND - BYLINE - 52;
  const smallest = TITLE_SIZES.at(-1) ?? 36;
  for (const size of TITLE_SIZES) {
    const words = title.text
      .split(/\s+/u)
      .map((word) => titleNode({ ...title, text: word }, size, 10_000));
    const whole = await house.renderer.measure(titleNode(title, size, width));
    const widths = await Promise.all(words.map((word) => house.renderer.measure(word)));
    const fits = widths.every(({ runs }) => runs.every((run) => run.width <= width));
    if (fits && whole.height <= height) return size;
  }
  return smallest;
}

function titleNode(title: { text: string; locale: string }, size: number, width: number): Node {
  const rtl = direction(title.locale) === 'rtl';
  return text('display', title.text, size, {
    width,
    direction: rtl ? 'rtl' : 'ltr',
    textAlign: rtl ? 'right' : 'left',
    // Arabic joins its letters, and has marks above and below them.
    lineHeight: rtl ? 1.25 : 0.98,
    letterSpacing: rtl ? 0 : -0.015 * size,
    textWrapStyle: 'balance',
  });
}

function cardNode(
  house: CardFonts,
  view: CardView,
  title: { text: string; locale: string },
  size: number,
): Node {
  const rtl = direction(interfaceLocale(view.locale)) === 'rtl';
  const row = rtl ? 'row-reverse' : 'row';
  return box({ ...CARD_SIZE, flexDirection: 'column', backgroundColor: PAPER, color: INK }, [
    box({ flexDirection: row, width: CARD_SIZE.width, height: CARD_SIZE.height - BAND }, [
      words(house, view, title, size, rtl),
      ...(view.picture ? [picture()] : []),
    ]),
    band(house, view, rtl),
  ]);
}

function words(
  house: CardFonts,
  view: CardView,
  title: { text: string; locale: string },
  size: number,
  rtl: boolean,
): Node {
  const t = translator(view.locale);
  const width = CARD_SIZE.width - (view.picture ? PICTURE : 0);
  const inner = width - 2 * SIDE + (view.picture ? SIDE / 2 : 0);
  const organiser = showsAll('text', view.organiser) ? view.organiser : view.host;
  const byline = showable(house, 'text', t('campaign.by', { organiser }));
  return box(
    {
      flexDirection: 'column',
      justifyContent: 'space-between',
      width,
      height: CARD_SIZE.height - BAND,
      paddingLeft: view.picture && rtl ? SIDE / 2 : SIDE,
      paddingRight: view.picture && !rtl ? SIDE / 2 : SIDE,
      paddingTop: 44,
      paddingBottom: 36,
    },
    [
      text('text', byline, 30, {
        width: inner,
        height: 40,
        color: INK_SOFT,
        textAlign: rtl ? 'right' : 'left',
        direction: rtl ? 'rtl' : 'ltr',
        lineClamp: 1,
      }),
      titleNode(title, size, inner),
    ],
  );
}

function picture(): Node {
  const height = CARD_SIZE.height - BAND;
  return {
    type: 'image',
    src: 'picture',
    width: PICTURE,
    height,
    style: { width: PICTURE, height, objectFit: 'cover' },
  };
}

/** The block of ink that holds the moment. */
function band(house: CardFonts, view: CardView, rtl: boolean): Node {
  const { date, time, zone } = momentWords(view.locale, view.moment);
  const figure = figureLine(view);
  const align = { direction: rtl ? 'rtl' : 'ltr', textAlign: rtl ? 'right' : 'left' } as const;
  return box(
    {
      flexDirection: rtl ? 'row-reverse' : 'row',
      alignItems: 'center',
      gap: 36,
      width: CARD_SIZE.width,
      height: BAND,
      paddingLeft: SIDE,
      paddingRight: SIDE,
      backgroundColor: INK,
      color: ON_BAND,
    },
    [
      text('display', time, time.length > 5 ? 100 : 136, { lineHeight: 1, flexShrink: 0 }),
      box({ flexDirection: 'column', flexGrow: 1, flexShrink: 1, gap: 4 }, [
        text('text', showable(house, 'text', sentence(date)), 32, { ...align, lineHeight: 1.2 }),
        text('text', showable(house, 'text', zone), 26, {
          ...align,
          color: ON_BAND_SOFT,
          lineHeight: 1.2,
        }),
      ]),
      ...(figure === null
        ? []
        : [
            text('display', showable(house, 'display', figure), 42, {
              ...align,
              width: 360,
              flexShrink: 0,
              lineHeight: rtl ? 1.3 : 1.05,
              textWrapStyle: 'balance',
            }),
          ]),
    ],
  );
}

type Style = NonNullable<Node['style']>;

function box(style: Style, children: Node[]): Node {
  return { type: 'container', style: { display: 'flex', ...style }, children };
}

function text(face: Face, content: string, size: number, style: Style): Node {
  const figures = { fontVariantNumeric: 'lining-nums tabular-nums' };
  const spacing = face === 'display' ? { wordSpacing: 0.09 * size } : {};
  return {
    type: 'text',
    text: content,
    style: { fontFamily: face, fontSize: size, ...figures, ...spacing, ...style },
  };
}
