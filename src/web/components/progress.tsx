/** A share of a whole as a bar. An SVG and not a styled box: its width is an attribute, never inline CSS. */
export function Progress({ value, of, label }: { value: number; of: number; label: string }) {
  const percent = of > 0 ? Math.min(100, Math.round((value / of) * 1000) / 10) : 0;
  return (
    <svg
      class="progress"
      viewBox="0 0 100 4"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${label}: ${percent} %`}
    >
      <rect class="progress-track" width="100" height="4" />
      <rect class="progress-bar" width={percent} height="4" />
    </svg>
  );
}
