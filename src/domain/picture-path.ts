/** Where one width of a campaign's picture is, on our own site. It changes whenever the picture does. */
export function picturePath(slug: string, hash: string, width: number): string {
  return `/c/${encodeURIComponent(slug)}/picture-${hash}-${width}.webp`;
}
