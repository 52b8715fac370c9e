/**
 * Browsers clamp an element's height (Chromium at 33,554,428 px), so a list of a million rows cannot be scrolled
 * one to one. Below the limit the map is the identity. Above it, small movements stay exact and large ones, made
 * with the scroll bar, are in proportion.
 */

export const tallestElement = 30_000_000

export interface ScrollPlace {
  /** What the browser says. */
  scrollTop: number
  /** The place in the list. */
  listTop: number
}

export interface ScrollMap {
  /** Height to give the element. */
  elementHeight: number
  /** The new place after the browser scrolled. */
  follow(before: ScrollPlace, scrollTop: number): ScrollPlace
  /** Where to scroll for a place in the list. */
  placeOf(listTop: number): ScrollPlace
}

export function createScrollMap(listHeight: number, viewport: number): ScrollMap {
  const elementHeight = Math.min(listHeight, tallestElement)
  const lastListTop = Math.max(0, listHeight - viewport)
  const lastScrollTop = Math.max(0, elementHeight - viewport)
  const ratio = lastScrollTop === 0 ? 1 : lastListTop / lastScrollTop
  const clamp = (listTop: number) => Math.max(0, Math.min(listTop, lastListTop))

  return {
    elementHeight,
    follow(before, scrollTop) {
      if (ratio === 1) return { scrollTop, listTop: scrollTop }
      const moved = scrollTop - before.scrollTop
      const atEnd = scrollTop <= 0 || scrollTop >= lastScrollTop - 1
      const isSmall = Math.abs(moved) <= viewport && !atEnd
      return { scrollTop, listTop: isSmall ? clamp(before.listTop + moved) : clamp(scrollTop * ratio) }
    },
    placeOf(listTop) {
      const clamped = clamp(listTop)
      return { scrollTop: Math.round(clamped / ratio), listTop: clamped }
    },
  }
}
