/** The mark: a trail between two posts. The same drawing as `public/icon/trailside.svg`. */
export function Logo({ size = 20 }: { size?: number }) {
  return (
    <svg class="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7.5" class="logo-ground" />
      <path class="logo-trail" d="M9.5 23.5h9a4 4 0 0 0 0-8h-5a4 4 0 0 1 0-8h9" />
      <circle class="logo-post" cx="9.5" cy="23.5" r="3.1" />
      <circle class="logo-post" cx="22.5" cy="7.5" r="3.1" />
    </svg>
  )
}
