/** Line icons on a 16-pixel grid. They only repeat what a label says, so they are hidden from screen readers. */

const paths = {
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.5 10.5 14 14',
  down: 'm4.5 6.5 3.5 3.5 3.5-3.5',
  up: 'm4.5 9.5 3.5-3.5 3.5 3.5',
  right: 'm6.5 4.5 3.5 3.5-3.5 3.5',
  back: 'M13 8H3.5M7 4.5 3.5 8 7 11.5',
  close: 'm4 4 8 8M12 4l-8 8',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  check: 'm3.5 8.5 3 3 6-7',
  exclude: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5 8h6',
  include: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5 8h6M8 5v6',
  denied: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM4 12l8-8',
  failure: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6 6l4 4M10 6l-4 4',
  success: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.5 8.2l1.8 1.8 3.2-3.6',
  alert: 'M8 2.5 14.2 13.5H1.8ZM8 6.5v3M8 11.5h.01',
  bookmark: 'M4.5 2.5h7v11L8 10.8l-3.5 2.7Z',
  pin: 'M6 2.5h4l-.5 4 2 2.5h-7l2-2.5ZM8 9v4.5',
  link: 'M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.2-2.2a2.6 2.6 0 0 0-3.7-3.7l-.8.8M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.3 9a2.6 2.6 0 0 0 3.7 3.7l.8-.8',
  copy: 'M6 5.5h7v8H6ZM3 10.5v-8h7',
  export: 'M8 2.5v7M5 7l3 3 3-3M2.5 11v2.5h11V11',
  key: 'M5.5 13a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM7.3 8.7 13 3M10.5 5.5 12.5 7.5',
  service: 'M3 3h10v4H3ZM3 9h10v4H3ZM5.5 5h.01M5.5 11h.01',
  system:
    'M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM8 2v2M8 12v2M2 8h2M12 8h2M3.8 3.8l1.4 1.4M10.8 10.8l1.4 1.4M12.2 3.8l-1.4 1.4M5.2 10.8l-1.4 1.4',
  user: 'M8 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM3 13.5c.6-2.6 2.4-4 5-4s4.4 1.4 5 4',
  users:
    'M6 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6ZM1.5 13c.5-2.3 2.1-3.5 4.5-3.5s4 1.2 4.5 3.5M10.5 3.2a2.3 2.3 0 0 1 0 4M12 9.8c1.4.5 2.2 1.6 2.5 3.2',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.6',
  offline: 'M2 2l12 12M5 5.2A4 4 0 0 0 4.5 12.5h7M7 4a4 4 0 0 1 5 3.3 2.7 2.7 0 0 1 1.8 4',
  lock: 'M4 7.5h8v6H4ZM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.5M13 2.5v3h-3',
  help: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.3 6.3a1.7 1.7 0 1 1 2.4 1.6c-.5.3-.7.6-.7 1.2M8 11.2h.01',
  settings:
    'M2.5 5h6M12 5h1.5M2.5 11H4M7.5 11h6M10.2 6.7a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4ZM5.8 12.7a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Z',
  leave: 'M6.5 2.5h-4v11h4M6.5 8h7M10.5 5l3 3-3 3',
  widen: 'M2 4v8M14 4v8M4.5 8h7M6.5 6l-2 2 2 2M9.5 6l2 2-2 2',
  plus: 'M8 3v10M3 8h10',
  trash: 'M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9',
  shield: 'M8 2l5 2v4c0 3-2 5-5 6-3-1-5-3-5-6V4Z',
  verified: 'M8 2l5 2v4c0 3-2 5-5 6-3-1-5-3-5-6V4ZM5.8 8l1.6 1.6 2.9-3.2',
  distrusted: 'M8 2l5 2v4c0 3-2 5-5 6-3-1-5-3-5-6V4ZM8 5.2v3M8 10.6h.01',
} as const

export type IconName = keyof typeof paths

export function Icon({ name, class: extra }: { name: IconName; class?: string }) {
  return (
    <svg
      class={extra ? `icon ${name} ${extra}` : `icon ${name}`}
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  )
}
